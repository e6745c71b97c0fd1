"""Re-run the folds that died. Started by cron every two hours."""
import logging
import subprocess
import time
from typing import Dict, List, Optional

from mlflow.entities import Run, RunTag
from mlflow.tracking import MlflowClient
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME

from molprop.config import TrainConfig
from molprop.tracking.runs import children, mark_failed

log = logging.getLogger("rerun")
STALE_SECONDS = 6 * 3600


def newest_open_run(client: MlflowClient, experiment_id: str, cfg: TrainConfig) -> Optional[Run]:
    open_runs: List[Run] = []
    for r in client.search_runs([experiment_id], f'tags.config_hash = "{cfg.digest()}"', max_results=1000):
        if r.info.status == "FINISHED":
            continue
        open_runs.append(r)
    if not open_runs:
        return None
    open_runs.sort(key=lambda r: r.info.start_time)
    return open_runs[-1]


def new_fold_run(client: MlflowClient, parent: Run, fold: int, cfg: TrainConfig) -> Run:
    now = int(time.time() * 1000)
    tags: Dict[str, str] = {
        MLFLOW_PARENT_RUN_ID: parent.info.run_id,
        MLFLOW_RUN_NAME: "fold-%d" % fold,
        "fold": str(fold),
        "config_hash": cfg.digest(),
        "role": "fold",
    }
    return client.create_run(parent.info.experiment_id, start_time=now, tags=tags)


def reap_stale(client: MlflowClient, experiment_id: str) -> int:
    limit = (time.time() - STALE_SECONDS) * 1000
    stale = [
        r
        for r in client.search_runs([experiment_id], "attributes.status = 'RUNNING'")
        if r.info.start_time < limit
    ]
    for r in stale:
        mark_failed(client, r.info.run_id, "stale")
    return len(stale)


def missing_folds(client: MlflowClient, parent: Run, n: int) -> List[int]:
    have = {int(c.data.tags["fold"]) for c in children(client, parent) if c.info.status == "FINISHED"}
    return [k for k in range(n) if k not in have]


def submit(run: Run, cfg_path: str, fold: int) -> None:
    cmd = ["sbatch", "--export", f"MLFLOW_RUN_ID={run.info.run_id}", "slurm/fold.sh", cfg_path, str(fold)]
    out = subprocess.run(cmd, capture_output=True, text=True)
    if out.returncode:
        log.error("sbatch: %s", out.stderr.strip())


def main(cfg_paths: List[str]) -> None:
    client = MlflowClient()
    for path in cfg_paths:
        cfg = TrainConfig.from_yaml(path)
        exp = client.get_experiment_by_name(cfg.experiment)
        if not exp:
            continue
        log.info("%d stale in %s", reap_stale(client, exp.experiment_id), cfg.experiment)
        parent = newest_open_run(client, exp.experiment_id, cfg)
        if parent is None or parent.data.tags.get("role") != "cv":
            continue
        for k in missing_folds(client, parent, cfg.data.n_folds):
            submit(new_fold_run(client, parent, k, cfg), path, k)


if __name__ == "__main__":
    import glob
    logging.basicConfig(level=logging.INFO)
    main(sorted(glob.glob("configs/nightly/*.yaml")))
