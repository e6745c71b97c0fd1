"""Weighted averaging of the site updates, and the secure-sum variant."""
from __future__ import annotations

import logging
from pathlib import Path
from typing import Iterable, Sequence

import mlflow
import numpy as np

from fedlab.domain import NotEnoughSites, SiteUpdate, UnknownRound, Weights

logger = logging.getLogger(__name__)


def fed_avg(updates: Sequence[SiteUpdate]) -> Weights:
    total = sum(u.n_samples for u in updates)
    layers = zip(*(u.weights for u in updates))
    shares = [u.n_samples / total for u in updates]
    return [sum(s * w for s, w in zip(shares, layer)) for layer in layers]


def trimmed_mean(updates: Sequence[SiteUpdate], trim: int = 1) -> Weights:
    out: Weights = []
    for layer in zip(*(u.weights for u in updates)):
        stacked = np.sort(np.stack(layer), axis=0)
        out.append(stacked[trim:-trim].mean(axis=0))
    return out


def _round_run_id(experiment: str, campaign: str, round_no: int) -> str:
    df = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string="tags.`fed.campaign` = '{}' and tags.`fed.round` = '{}'".format(campaign, round_no),
    )
    if not df.empty:
        df = df[df["tags.fed.role"] == "round"]
    if df.empty:
        raise UnknownRound(f"{campaign}/{round_no}")
    return str(df.sort_values("start_time", ascending=False).iloc[0].run_id)


def invited_sites(campaign_run_id: str) -> frozenset[str]:
    tags = mlflow.get_run(campaign_run_id).data.tags
    value = tags.get("fed.sites", "")
    return frozenset(s.strip() for s in value.split(",") if s.strip())


def aggregate_offline(experiment: str, campaign: str, campaign_run: str, round_no: int,
                      updates: Iterable[SiteUpdate], out: Path, min_sites: int = 3) -> Path:
    """Used when the coordinator crashed after the sites had answered."""
    allowed = invited_sites(campaign_run)
    usable = [u for u in updates if u.site in allowed and np.isfinite(u.loss)]
    if len(usable) < min_sites:
        raise NotEnoughSites(len(usable), min_sites)
    run_id = _round_run_id(experiment, campaign, round_no)
    weights = trimmed_mean(usable) if len(usable) >= 5 else fed_avg(usable)
    np.savez(out, *weights)
    with mlflow.start_run(run_id=run_id):
        mlflow.log_artifact(str(out), "weights")
        mlflow.log_metric("val_auc", float(np.average([u.val_auc for u in usable], weights=[u.n_samples for u in usable])))
        mlflow.set_tag("fed.state", "aggregated")
    logger.info("round %d aggregated offline from %d sites", round_no, len(usable))
    return out
