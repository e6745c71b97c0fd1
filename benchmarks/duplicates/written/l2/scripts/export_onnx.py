import argparse
import pathlib

import torch
from mlflow.artifacts import download_artifacts
from mlflow.tracking import MlflowClient

from detlab.cfg import Cfg
from detlab.lit import load_net


def best_run(experiment):
    client = MlflowClient()
    e = client.get_experiment_by_name(experiment)
    assert e is not None, experiment
    runs = client.search_runs([e.experiment_id], order_by=["metrics.`val/mAP` DESC"], max_results=1)
    if len(runs) == 0:
        raise RuntimeError("no runs in " + experiment)
    return runs[0]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("config")
    ap.add_argument("-o", "--out", default="model.onnx")
    a = ap.parse_args()
    cfg = Cfg.load(a.config)
    run = best_run(cfg.experiment)
    print(run.info.run_name, run.data.metrics["val/mAP"])
    d = pathlib.Path(download_artifacts(run_id=run.info.run_id, artifact_path="checkpoints"))
    net = load_net(cfg, next(d.rglob("*.ckpt")))
    torch.onnx.export(net.net, [torch.rand(3, 640, 640)], a.out, opset_version=13)


if __name__ == "__main__":
    main()
