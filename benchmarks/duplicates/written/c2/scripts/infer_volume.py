#!/usr/bin/env python
"""Segments one volume with the newest model of a fold and records it."""

import argparse
import json
import time

import mlflow
import nibabel as nib
import numpy as np
import torch
from mlflow.tracking import MlflowClient
from monai.inferers import sliding_window_inference

from monai_seg.nets import build, load_weights
from monai_seg.runinfo import fetch_checkpoint, network_of_run


def choose(study, task, fold):
    c = MlflowClient()
    e = c.get_experiment_by_name(study)
    assert e is not None, study
    for r in c.search_runs([e.experiment_id], order_by=["attributes.start_time DESC"]):
        t = r.data.tags
        if t.get("study") == study and t.get("task") == task and t.get("fold") == str(fold):
            return r
    raise SystemExit("no such fold")


def volume_ml(mask, spacing):
    return float(mask.sum() * np.prod(spacing) / 1000.0)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("volume")
    ap.add_argument("--study", default="liver")
    ap.add_argument("--task", default="seg")
    ap.add_argument("--fold", type=int, default=0)
    ap.add_argument("--site", default="unknown")
    ap.add_argument("--scanner", default="unknown")
    ap.add_argument("--tesla", type=float, default=0.0)
    ap.add_argument("--protocol", default="n/a")
    a = ap.parse_args()

    run = choose(a.study, a.task, a.fold)
    roi = json.loads(run.data.tags["roi_size"])
    roi = tuple(roi)
    net = load_weights(build(network_of_run(run), 2), fetch_checkpoint(run.info.run_id, "/tmp"))
    image = nib.load(a.volume)
    x = torch.from_numpy(image.get_fdata()).float()[None, None]
    began = time.perf_counter()
    with torch.no_grad():
        mask = sliding_window_inference(x, roi, 4, net).argmax(1)[0].numpy()
    seconds = time.perf_counter() - began

    mlflow.set_experiment(f"{a.study}-inference")
    with mlflow.start_run():
        info = {"anonymiser": "deid-3.2", "protocol": a.protocol}
        info.update(scanner=a.scanner, site=a.site.lower())
        info["field_strength"] = str(a.tesla)
        for key in info:
            mlflow.set_tag(key, info[key])
        mlflow.log_metrics({"seconds": seconds, "volume_ml": volume_ml(mask, image.header.get_zooms())})
    nib.save(nib.Nifti1Image(mask.astype("uint8"), image.affine), a.volume.replace(".nii", "_seg.nii"))


if __name__ == "__main__":
    main()
