"""Write the results of a suite as Markdown."""

from __future__ import annotations

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

from evalloom.config import settings


def _last_suite_id(suite):
    """Id of the run to write about."""
    df = mlflow.search_runs(
        experiment_names=[settings.experiment],
        filter_string=f"tags.`evalloom.suite`='{suite}' and tags.`evalloom.kind`='suite'",
    )
    df = df[df.status == "FINISHED"] if len(df) else df
    if df.empty:
        raise SystemExit(f"There is no finished run of the suite {suite}.")
    return df.sort_values("start_time", ascending=False).iloc[0].run_id


def evaluations(suite_run_id: str) -> pd.DataFrame:
    """All evaluations of a suite as a table."""
    client = MlflowClient()
    parent = client.get_run(suite_run_id)
    rows = []
    for run in client.search_runs(
        [parent.info.experiment_id],
        f"tags.mlflow.parentRunId = '{suite_run_id}'",
        max_results=1000,
    ):
        prompt, version = run.data.tags.get("evalloom.prompt", "/0").split("/")
        row = {"prompt": prompt, "version": int(version or 0)}
        row["model"] = run.data.tags.get("evalloom.model", "")
        row.update(run.data.metrics)
        rows.append(row)
    return pd.DataFrame(rows)


def winner_line(suite_run_id: str, judge: str = "model_judge") -> str:
    exp_id = mlflow.get_run(suite_run_id).info.experiment_id
    top = mlflow.search_runs(
        [exp_id],
        f"tags.mlflow.parentRunId = '{suite_run_id}'",
        order_by=[f"metrics.{judge} DESC"],
        max_results=1,
        output_format="list",
    )
    if len(top) < 1:
        return "No evaluation was run."
    return f"Best: **{top[0].info.run_name}** ({top[0].data.metrics[judge]:.3f})"


def markdown(suite: str) -> str:
    run_id = _last_suite_id(suite)
    table = evaluations(run_id)
    lines = [f"# {suite}", "", winner_line(run_id), ""]
    if not table.empty:
        lines.append(table.to_markdown(index=False))
    return "\n".join(lines) + "\n"
