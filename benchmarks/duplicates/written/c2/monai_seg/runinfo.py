"""Small readers of what runs keep as text."""

import json

from mlflow.tracking import MlflowClient

ROI_TAG = "roi_size"


def roi_of_run(run):
    """Patch size (voxels) that a run was trained with."""
    text = run.data.tags.get(ROI_TAG, "[96, 96, 96]")
    return tuple(json.loads(text))


def network_of_run(run):
    return run.data.params.get("network", "unet")


def fetch_checkpoint(run_id, target):
    client = MlflowClient()
    names = [f.path for f in client.list_artifacts(run_id, "checkpoints")]
    latest = sorted(names)[-1]
    return client.download_artifacts(run_id, latest, target)
