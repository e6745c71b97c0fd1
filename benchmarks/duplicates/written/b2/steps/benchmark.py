"""Latency of an ONNX model on CPU."""
import argparse
import time

import mlflow
import numpy as np
import onnxruntime as ort
from mlflow import MlflowClient


def measure(path, length=256, rounds=200):
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    ids = np.ones((1, length), dtype=np.int64)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        session.run(None, {"input_ids": ids, "attention_mask": ids})
        times.append((time.perf_counter() - start) * 1000)
    return {f"p{q}": float(np.percentile(times, q)) for q in (50, 95, 99)}


class Benchmark:
    EXPERIMENT = "docclass-benchmark"

    def __init__(self, model_name):
        self.model_name = model_name
        self.client = MlflowClient()
        exp = self.client.get_experiment_by_name(self.EXPERIMENT)
        if not exp:
            self.experiment_id = self.client.create_experiment(self.EXPERIMENT)
        else:
            self.experiment_id = exp.experiment_id

    def open(self):
        stage_tags = [("docclass.model", self.model_name), ("docclass.stage", "benchmark")]
        handle = self.client.create_run(
            experiment_id=self.experiment_id, tags=dict(stage_tags), run_name="bench-%s" % self.model_name
        )
        self.run_id = handle.info.run_id
        return self

    def record(self, values):
        for key, value in values.items():
            self.client.log_metric(self.run_id, key, value)
        self.client.set_terminated(self.run_id)

    def fastest(self):
        runs = self.client.search_runs(
            [self.experiment_id], "metrics.p95 > 0", order_by=["metrics.p95 ASC"], max_results=1
        )
        return runs[0] if runs else None


def log_sizes(path):
    import os

    if mlflow.active_run() is not None:
        mlflow.log_metric("megabytes", os.path.getsize(path) / 2**20)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--onnx")
    parser.add_argument("--model", default="distilbert")
    args = parser.parse_args()
    bench = Benchmark(args.model).open()
    bench.record(measure(args.onnx))
    best = bench.fastest()
    print("fastest so far:", best.info.run_name if best else "-")
