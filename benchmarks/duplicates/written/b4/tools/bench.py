"""Frames per second of a checkpoint."""

import argparse
import statistics
import time

import mlflow
import torch

from segstream.module import Segmenter


@torch.inference_mode()
def frames_per_second(module, size, rounds=50, warmup=10):
    x = torch.zeros(1, 3, *size)
    times = []
    for i in range(rounds + warmup):
        start = time.perf_counter()
        module(x)
        if i >= warmup:
            times.append(time.perf_counter() - start)
    return 1 / statistics.median(times)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint")
    parser.add_argument("--size", type=int, nargs=2, default=(512, 1024))
    args = parser.parse_args()
    module = Segmenter.load_from_checkpoint(args.checkpoint, map_location="cpu").eval()
    mlflow.set_experiment("segstream-bench")
    with mlflow.start_run(run_name="bench"):
        mlflow.log_metric("fps", frames_per_second(module, args.size))


if __name__ == "__main__":
    main()
