#!/usr/bin/env python
"""torchscript of a sweep's winner for the PACS people:  export_best.py SWEEP_RUN_ID OUT"""
import sys

import mlflow
import torch
from mlflow import MlflowClient


def winner(sweep_id):
    c = MlflowClient()
    exp_id = c.get_run(sweep_id).info.experiment_id
    best, best_score = None, -1.0
    for run in c.search_runs([exp_id], "attributes.status = 'FINISHED'", max_results=10000):
        if run.data.tags.get("mlflow.parentRunId") != sweep_id:
            continue
        score = run.data.metrics.get("val_dice")
        if score is not None and score > best_score:
            best, best_score = run, score
    return best


def main():
    sweep_id, out = sys.argv[1:3]
    run = winner(sweep_id)
    if run is None:
        sys.exit("nothing finished in that sweep")
    net = mlflow.pytorch.load_model(f"runs:/{run.info.run_id}/net").cpu().eval()
    example = torch.zeros(1, 1, 96, 96, 96)
    torch.jit.trace(net, example).save(out)
    client = MlflowClient()
    client.set_tag(run.info.run_id, "exported_to", out)
    print(run.info.run_id, run.data.metrics["val_dice"])


if __name__ == "__main__":
    main()
