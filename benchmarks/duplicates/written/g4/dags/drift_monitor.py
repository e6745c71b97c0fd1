"""Compare the inputs of each night with the data the champion was trained on."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pandas as pd
from airflow.decorators import dag, task
from airflow.exceptions import AirflowSkipException

EXPERIMENT = "churn-monitoring"


@dag(schedule="30 5 * * *", start_date=datetime(2024, 1, 1), catchup=False, tags=["drift"])
def drift_monitor():
    @task
    def reference(segment: str) -> dict[str, str]:
        from mlflow.tracking import MlflowClient

        mlflow_client = MlflowClient()
        training = mlflow_client.get_experiment_by_name("churn-training")
        hits = mlflow_client.search_runs(
            training.experiment_id,
            f'tags.scorewatch.segment = "{segment}" and tags.scorewatch.role = "champion"',
        )
        if len(hits) == 0:
            raise AirflowSkipException(f"{segment} has no champion")
        newest = max(hits, key=lambda r: r.info.start_time)
        limits = {}
        if "scorewatch.limits" in newest.data.tags:
            for name, value in json.loads(newest.data.tags["scorewatch.limits"]).items():
                limits[name] = float(value)
        return {
            "run_id": newest.info.run_id,
            "segment": segment,
            "limits": json.dumps(limits),
        }

    @task
    def measure(found: dict[str, str], ds: str | None = None) -> dict[str, float]:
        import mlflow

        from scorewatch.drift import DriftReport

        day = datetime.fromisoformat(ds or "2024-01-01").date()
        source = f"features/{found['segment']}/{day:%Y/%m/%d}.parquet"
        local = mlflow.artifacts.download_artifacts(
            run_id=found["run_id"], artifact_path="reference.parquet"
        )
        current = pd.read_parquet(source)
        report = DriftReport.between(pd.read_parquet(local), current)
        mlflow.set_experiment(EXPERIMENT)
        with mlflow.start_run(run_name=f"drift-{found['segment']}-{day:%Y%m%d}"):
            mlflow.set_tag("window.start", str(day))
            mlflow.set_tag("window.end", str(day + timedelta(days=1)))
            mlflow.set_tag("window.rows", current.shape[0])
            mlflow.set_tag("window.source", source)
            mlflow.set_tag("scorewatch.segment", found["segment"])
            mlflow.log_metrics(report.as_metrics())
            bad = report.over(json.loads(found["limits"]))
            mlflow.set_tag("drift.columns", ",".join(bad))
        return {name: report.values[name] for name in bad}

    @task
    def alert(bad: dict[str, float]) -> None:
        for name, value in sorted(bad.items(), key=lambda item: -item[1]):
            print(f"drift of {name}: {value:.3f}")
        if len(bad) > 5:
            raise RuntimeError("too many columns drift; look at the source tables")

    for segment in ("retail", "business"):
        alert(measure(reference(segment)))


drift_monitor()
