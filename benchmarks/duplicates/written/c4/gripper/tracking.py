"""MLflow helpers of the group."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from gripper.config import TagNames

NAMES = TagNames()


def trial_key(config: dict) -> str:
    text = json.dumps(config, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def experiment_id(task: str, client: MlflowClient) -> str:
    """Id of ``gripper-<task>``; one process at a time may create it."""
    name = f"gripper-{task}"
    with FileLock(str(Path.home() / ".gripper.lock")):
        found = client.get_experiment_by_name(name)
        return found.experiment_id if found else client.create_experiment(name)


@dataclass(frozen=True)
class RobotTags:
    serial: str
    firmware: str
    simulator: str
    task: str
    commit: str

    def to_tags(self) -> dict[str, str]:
        return {
            NAMES.serial: self.serial,
            NAMES.firmware: self.firmware,
            NAMES.simulator: self.simulator,
            NAMES.task: self.task,
            NAMES.commit: self.commit,
        }


def find_trial(client: MlflowClient, exp_id: str, key: str) -> str | None:
    """Run id of the newest run of a trial, or None."""
    hits = client.search_runs(
        [exp_id], f"tags.`{NAMES.trial}` = '{key}'", order_by=["attributes.start_time DESC"], max_results=1
    )
    return hits[0].info.run_id if hits else None


def firmware_of(run: Run) -> tuple[int, ...]:
    text = run.data.tags.get(NAMES.firmware, "0.0.0")
    return tuple(int(part) for part in text.split("."))
