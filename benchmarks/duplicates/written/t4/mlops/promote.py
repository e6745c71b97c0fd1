"""Promote a candidate to champion."""
from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Iterator

import mlflow
from mlflow.tracking import MlflowClient

from mlops.gates import GateKeeper
from mlops.registry import Registry
from mlops.settings import Settings

log = logging.getLogger("promote")


class PromotionRefused(Exception):
    pass


@contextmanager
def documented_release(experiment_id: str, version: str, cfg: Settings) -> Iterator[str]:
    client = MlflowClient()
    run = client.create_run(experiment_id, run_name="release-" + version)
    rid = run.info.run_id
    client.set_tag(rid, "release.version", version)
    client.set_tag(rid, "release.ticket", cfg.need_ticket())
    client.set_tag(rid, "release.kind", "standard")
    client.set_tag(rid, "ci.pipeline_id", cfg.pipeline_id)
    try:
        yield rid
    except Exception as exc:
        client.set_tag(rid, "release.error", repr(exc)[:250])
        client.set_terminated(rid, status="FAILED")
        raise
    client.set_terminated(rid)


def approvers(run_id: str) -> list[str]:
    tags = mlflow.get_run(run_id).data.tags
    if not tags.get("audit.approvals"):
        return []
    try:
        data = json.loads(tags["audit.approvals"])
    except json.JSONDecodeError as exc:
        log.error("bad approvals: %s", exc)
        return []
    if not isinstance(data, list):
        return []
    return [d["user"] for d in data]


class Promoter:
    def __init__(self, cfg: Settings, registry: Registry | None = None):
        self.cfg = cfg
        self.registry = registry or Registry()
        self.client = self.registry.client

    def _sign(self, run_id: str) -> None:
        self.client.set_tag(run_id, "audit.user", self.cfg.user)
        self.client.set_tag(run_id, "audit.ticket", self.cfg.need_ticket())
        self.client.set_tag(run_id, "audit.timestamp", datetime.now(timezone.utc).replace(microsecond=0).isoformat())

    def promote(self, model: str, experiment: str, segment: str) -> str:
        keeper = GateKeeper(self.cfg)
        run = keeper.candidate(experiment, segment)
        if run is None:
            raise PromotionRefused(f"no candidate in {experiment}/{segment}")
        if self.cfg.user in approvers(run.info.run_id):
            raise PromotionRefused("who approves may not promote")
        current = self.registry.champion_run(model)
        if current and current.data.metrics.get("ks_oot", 0) >= run.data.metrics["ks_oot"]:
            raise PromotionRefused("champion is not worse")
        exp_id = self.registry.experiment_id(self.cfg.experiment)
        with documented_release(exp_id, f"{model}-{run.info.run_id[:8]}", self.cfg):
            version = self.registry.register(run.info.run_id, model)
            self.registry.tag_version(version, self.cfg.ticket, self.cfg.user)
            self.client.set_registered_model_alias(model, "champion", version.version)
            self._sign(run.info.run_id)
        return version.version

    def rollback(self, model: str, to_version: str, reason: str) -> None:
        exp_id = self.registry.experiment_id(self.cfg.experiment)
        run = self.client.create_run(exp_id, run_name=f"rollback-{model}", tags={
            "release.kind": "rollback",
            "release.reason": reason,
            "release.ticket": self.cfg.need_ticket(),
        })
        self.client.set_registered_model_alias(model, "champion", to_version)
        self.client.set_terminated(run.info.run_id)
