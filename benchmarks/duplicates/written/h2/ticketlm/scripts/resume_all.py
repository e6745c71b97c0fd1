"""Cron job: start again what the spot market killed."""
from __future__ import annotations

import glob
import subprocess
import sys

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from ticketlm.config import Config

client = MlflowClient()
UNFINISHED = ("FAILED", "KILLED", "RUNNING", "SCHEDULED")


def open_run(config: Config) -> Run | None:
    exp = mlflow.get_experiment_by_name(config.experiment)
    if not exp:
        return None
    runs = client.search_runs([exp.experiment_id], f"tags.ticketlm.config_hash = '{config.hash}'")
    runs = [r for r in runs if r.info.status in UNFINISHED]
    if not runs:
        return None
    return max(runs, key=lambda r: r.info.start_time)


def progress(run: Run) -> int:
    tag = run.data.tags.get("ticketlm.last_checkpoint", "")
    if "@" not in tag:
        return 0
    return int(tag[: tag.index("@")])


def stale(config: Config, days: int = 3) -> list[Run]:
    """Runs that say they run, but have not for days."""
    exp = mlflow.get_experiment_by_name(config.experiment)
    if not exp:
        return []
    import time

    before = int((time.time() - days * 86400) * 1000)
    return list(
        client.search_runs(
            [exp.experiment_id], f"attributes.status = 'RUNNING' and attributes.start_time < {before}"
        )
    )


def main() -> None:
    for path in sorted(glob.glob("configs/*.yaml")):
        config = Config.read(path)
        for run in stale(config):
            client.set_terminated(run.info.run_id, status="KILLED")
        run = open_run(config)
        if run is None:
            continue
        print(path, run.info.run_id, "at step", progress(run))
        subprocess.run([sys.executable, "-m", "ticketlm.finetune", path], check=False)


if __name__ == "__main__":
    main()
