"""Weekly quality control with a phantom; records noise and geometry."""

import sys

import mlflow
import nibabel as nib
import numpy as np


def phantom_tags(site, serial, operator):
    return {"site": site, "phantom.serial": serial, "phantom.operator": operator, "phantom.fluid": "NiCl2"}


def baseline(site):
    client = mlflow.MlflowClient()
    exp = client.get_experiment_by_name("phantom-qc")
    if exp is None:
        return None
    first = client.search_runs([exp.experiment_id], f"tags.site = '{site}'", order_by=["start_time ASC"], max_results=1)
    return first[0].data.metrics if first else None


def measure(volume):
    core = volume[volume.shape[0] // 3 : -volume.shape[0] // 3]
    edge = np.abs(np.diff(volume, axis=0)).max(axis=(1, 2))
    return {
        "snr": float(core.mean() / max(core.std(), 1e-6)),
        "uniformity": float(1 - (core.max() - core.min()) / (core.max() + core.min() + 1e-6)),
        "length_mm": float(np.flatnonzero(edge > edge.max() / 2).ptp()),
    }


def main(path, site, serial, operator):
    values = measure(nib.load(path).get_fdata())
    before = baseline(site)
    mlflow.set_experiment("phantom-qc")
    with mlflow.start_run(run_name=f"qc-{site}", tags=phantom_tags(site, serial, operator)):
        mlflow.log_metrics(values)
        if before:
            mlflow.log_metric("snr_change", values["snr"] - before["snr"])


if __name__ == "__main__":
    main(*sys.argv[1:5])
