"""From a checkpoint to an ONNX file."""

import argparse
import logging
from pathlib import Path

import mlflow
from mlflow.tracking import MlflowClient

from deployment.conversion.export import export_onnx
from infrastructure.tracking.mlflow.finder import find_trial_run
from infrastructure.tracking.mlflow.setup import configure_tracking

logger = logging.getLogger(__name__)


def resolve_checkpoint_run(client: MlflowClient, experiment_id: str, refit_fp: str) -> str:
    flt = f"tags.`code.refit_protocol_fp` = '{refit_fp}'"
    finished = client.search_runs([experiment_id], flt + " and status = 'FINISHED'", order_by=["start_time DESC"], max_results=1)
    if finished:
        return finished[0].info.run_id
    unfinished = client.search_runs([experiment_id], flt, order_by=["start_time DESC"], max_results=1)
    if unfinished:
        return unfinished[0].info.run_id
    raise LookupError(f"no refit run for {refit_fp}")


def convert(args: argparse.Namespace) -> Path:
    client = MlflowClient()
    experiment = client.get_experiment_by_name(args.hpo_experiment)
    if experiment is None:
        raise SystemExit(f"experiment {args.hpo_experiment} is not there")
    run_id = resolve_checkpoint_run(client, experiment.experiment_id, args.refit_fp)
    trial = find_trial_run(client, experiment.experiment_id, args.study_hash, args.trial_hash)
    local = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="checkpoint")
    mlflow.set_experiment(args.experiment)
    with mlflow.start_run(run_name=f"convert-{run_id[:8]}", tags={"code.stage": "conversion", "code.source_run": run_id}):
        target = export_onnx(Path(local), args.out, args.opset)
        mlflow.log_artifact(str(target))
        if trial is not None:
            mlflow.log_metrics({f"source.{k}": v for k, v in trial.data.metrics.items()})
    return target


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("--hpo-experiment", "--experiment", "--refit-fp", "--study-hash", "--trial-hash"):
        parser.add_argument(name, required=True)
    parser.add_argument("--out", type=Path, default=Path("model.onnx"))
    parser.add_argument("--opset", type=int, default=17)
    args = parser.parse_args()
    configure_tracking(Path.cwd())
    logger.info("Wrote %s", convert(args))


if __name__ == "__main__":
    main()
