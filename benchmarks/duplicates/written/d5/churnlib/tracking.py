import mlflow
import pandas as pd

BASE = "/Shared/churn"


def newest_by_name(experiment: str, run_name: str) -> pd.Series:
    """Row of the newest finished run with that name."""
    found = mlflow.search_runs(
        experiment_names=[f"{BASE}/{experiment}"],
        filter_string=f"attributes.run_name = '{run_name}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if found.empty:
        raise ValueError(f"no finished run {run_name} in {experiment}")
    return found.iloc[0]


def job_context(dbutils) -> dict:
    ctx = dbutils.notebook.entry_point.getDbutils().notebook().getContext()
    return {
        "notebook": ctx.notebookPath().get(),
        "user": ctx.userName().get(),
        "cluster": ctx.clusterId().get(),
        "job": ctx.jobId().getOrElse(None) or "interactive",
    }


def job_tags(dbutils, table: str, table_version: int) -> dict:
    ctx = job_context(dbutils)
    tags = {f"ctx.{key}": value for key, value in ctx.items()}
    tags["data.table"] = table
    tags["data.version"] = str(table_version)
    return tags
