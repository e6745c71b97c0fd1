"""Promotion tasks."""
import logging
import os

import mlflow
from mlflow.tracking import MlflowClient

from adrank.platform.flags import flags
from adrank.tasks.app import app

logger = logging.getLogger(__name__)


def _current(client, tenant, kind, arm):
    exp = client.get_experiment_by_name("adrank.%s.%s" % (tenant, kind))
    if exp is None:
        return None
    conditions = ["tags.`ad.state` = 'live'", "tags.`ad.arm` = '%s'" % arm]
    runs = client.search_runs([exp.experiment_id], " AND ".join(conditions), order_by=["start_time DESC"])
    if runs:
        return runs[0]
    return None


def _mark(client, run_id, state, arm):
    tags = {"ad.state": state, "ad.arm": arm or "", "ad.release": os.getenv("RELEASE", "unknown")}
    for k, v in tags.items():
        client.set_tag(run_id, k, v)


def _split_of(run):
    value = run.data.tags.get("ad.split")
    if not value:
        return {}
    pairs = (p.split("=") for p in value.split(";") if p)
    return {arm.strip(): float(share) for arm, share in pairs}


@app.task(name="adrank.tasks.promote.start_ab")
def start_ab(tenant: str, kind: str, run_id: str, share: float = 0.1) -> None:
    client = MlflowClient()
    champion = _current(client, tenant, kind, "a")
    if champion is None:
        _mark(client, run_id, "live", "a")
        client.set_tag(run_id, "ad.split", "a=1.0")
        return
    if not flags.enabled("ab_promotion", tenant):
        logger.info("promotion is off for %s", tenant)
        return
    challenger = _current(client, tenant, kind, "b")
    if challenger is not None:
        _mark(client, challenger.info.run_id, "retired", None)
    _mark(client, run_id, "live", "b")
    split = _split_of(champion)
    split.update({"a": 1 - share, "b": share})
    client.set_tag(champion.info.run_id, "ad.split", ";".join("%s=%s" % kv for kv in split.items()))


@app.task(name="adrank.tasks.promote.finish_ab")
def finish_ab(tenant: str, kind: str, winner: str) -> None:
    client = MlflowClient()
    runs = {arm: _current(client, tenant, kind, arm) for arm in "ab"}
    if None in runs.values():
        raise RuntimeError("no A/B test on %s/%s" % (tenant, kind))
    loser = "b" if winner == "a" else "a"
    _mark(client, runs[loser].info.run_id, "retired", None)
    _mark(client, runs[winner].info.run_id, "live", "a")
    mlflow.register_model("runs:/%s/model" % runs[winner].info.run_id, "%s-%s" % (tenant, kind))
