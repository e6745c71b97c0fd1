"""Release gate. A run becomes a release candidate only if all the checks hold."""
from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Callable, Sequence

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run

from imgplat.core.tracker import MlflowTracker
from imgplat.core.types import DeviceClass, RunId
from imgplat.regulatory.tags import ReviewError, device_class_of

_log = logging.getLogger(__name__)
MIN_DICE = {DeviceClass.A: 0.75, DeviceClass.B: 0.85, DeviceClass.C: 0.92}


@dataclass(frozen=True)
class Finding:
    check: str
    message: str


Check = Callable[[Run], Sequence[Finding]]


def check_dice(run: Run) -> Sequence[Finding]:
    floor = MIN_DICE[device_class_of(run)]
    value = run.data.metrics.get("dice_val", 0.0)
    return [] if value >= floor else [Finding("dice", f"{value:.3f} < {floor:.2f}")]


def check_review(run: Run) -> Sequence[Finding]:
    text = run.data.tags.get("reg.review")
    if not text or "|" not in text:
        return [Finding("review", "no valid review")]
    who, when = text.split("|", 1)
    age = datetime.now(timezone.utc) - datetime.fromisoformat(when)
    if age > timedelta(days=180):
        return [Finding("review", f"review by {who} is {age.days} days old")]
    return []


def check_dataset_frozen(run: Run) -> Sequence[Finding]:
    frozen = run.data.tags.get("lineage.frozen", "no")
    return [] if frozen == "yes" else [Finding("dataset", "dataset not frozen")]


CHECKS: tuple[Check, ...] = (check_dice, check_review, check_dataset_frozen)


def candidate(experiment_name: str, protocol: str) -> Run:
    tracker = MlflowTracker()
    best = tracker.best(tracker.experiment(experiment_name), protocol)
    return MlflowClient().get_run(best.run_id)


def run_of_release(model: str, version: str) -> Run:
    client = MlflowClient()
    mv = client.get_model_version(model, version)
    if not mv.run_id:
        raise ReviewError(f"{model} {version} was imported without run")
    return client.get_run(mv.run_id)


def gate(run: Run) -> list[Finding]:
    findings: list[Finding] = []
    for check in CHECKS:
        try:
            findings.extend(check(run))
        except ReviewError as exc:
            findings.append(Finding(check.__name__, str(exc)))
    return findings


def release(run: Run, model: str, udi: str) -> str:
    findings = gate(run)
    if findings:
        raise ReviewError("; ".join(f"{f.check}: {f.message}" for f in findings))
    mv = mlflow.register_model(f"runs:/{run.info.run_id}/model", model)
    client = MlflowClient()
    client.set_tag(run.info.run_id, "reg.iec62304_class", device_class_of(run).value)
    client.set_tag(run.info.run_id, "reg.sop", "SOP-0417 rev 6")
    client.set_tag(run.info.run_id, "reg.udi_di", udi)
    client.set_tag(run.info.run_id, "reg.intended_use", f"release of {model}")
    client.set_model_version_tag(model, mv.version, "released_at", datetime.now(timezone.utc).isoformat())
    _log.info("released %s %s", model, mv.version)
    return mv.version


def withdraw(run_id: RunId, reason: str, ticket: str) -> None:
    client = MlflowClient()
    client.set_tag(run_id, "withdrawn.reason", reason)
    client.set_tag(run_id, "withdrawn.ticket", ticket)
    client.set_tag(run_id, "withdrawn.at", datetime.now(timezone.utc).isoformat())
