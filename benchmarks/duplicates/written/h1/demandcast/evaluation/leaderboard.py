"""A table of all regions."""
from __future__ import annotations

import mlflow
import pandas as pd

from demandcast.infrastructure.tracking import TrackingGateway


def table() -> pd.DataFrame:
    """The ten best runs of each region, by the backtest."""
    gateway = TrackingGateway()
    parts = []
    for region, experiment_id in gateway.stage_experiments().items():
        part = mlflow.search_runs(
            [experiment_id], "metrics.backtest_mape > 0", order_by=["metrics.backtest_mape"], max_results=10
        )
        part["region"] = region
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def commits(frame: pd.DataFrame) -> pd.Series:
    return frame["tags.dc.git_commit"].str[:8].value_counts()


def to_markdown(frame: pd.DataFrame) -> str:
    lines = ["| region | run | mape |", "| --- | --- | --- |"]
    for row in frame.itertuples():
        lines.append(f"| {row.region} | {row.run_id} | {getattr(row, 'backtest_mape', '')} |")
    return "\n".join(lines)
