"""Labels new pictures with the model of the same data and code, for the annotators."""

import logging
import sys
from pathlib import Path

import mlflow
import torch
from mlflow.tracking import MlflowClient

from pavescan.data.module import CrackDataset
from pavescan.models.segmenter import Segmenter
from pavescan.vcs import commit

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger("prelabel")


def matching_run(version):
    client = MlflowClient()
    exp = client.get_experiment_by_name("pavescan")
    if exp is None:
        return None
    same_version = client.search_runs([exp.experiment_id], f"tags.`dataset.version` = '{version}'")
    same = [r for r in same_version if r.data.tags.get("git.commit") == commit()]
    if not same:
        logger.warning("No run for %s at this commit", version)
        return None
    return max(same, key=lambda r: r.info.start_time)


def main(version, folder):
    run = matching_run(version)
    if run is None:
        return 1
    logger.info("Using %s of %s", run.info.run_id, run.data.tags.get("dataset.name"))
    local = Path(mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="checkpoints"))
    model = Segmenter.load_from_checkpoint(next(local.glob("*.ckpt"))).eval()
    names = sorted(p.stem for p in (folder / "images").glob("*.jpg"))
    for name, (x, _) in zip(names, CrackDataset(folder, names)):
        with torch.no_grad():
            torch.save(model(x[None]).sigmoid()[0, 0] > 0.5, folder / f"{name}.pt")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
