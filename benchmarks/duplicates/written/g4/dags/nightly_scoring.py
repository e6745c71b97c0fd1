"""Score all segments each night."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
from airflow.decorators import dag, task

DEFAULT_ARGS = {"owner": "scoring", "retries": 2, "retry_delay": timedelta(minutes=10)}


@dag(
    schedule="0 3 * * *",
    start_date=datetime(2024, 1, 1),
    catchup=False,
    default_args=DEFAULT_ARGS,
    tags=["scoring"],
)
def nightly_scoring():
    @task
    def segments() -> list[str]:
        from scorewatch.settings import SETTINGS

        return list(SETTINGS.segments)

    @task
    def score(segment: str, ds: str | None = None) -> str:
        from scorewatch.scoring import BatchScorer

        day = datetime.fromisoformat(ds or "2024-01-01").date()
        source = f"features/{segment}/{day:%Y/%m/%d}.parquet"
        scorer = BatchScorer(segment)
        if scorer.already_scored(day):
            return segment
        scored = scorer.score(day, pd.read_parquet(source), source)
        scored.to_parquet(source.replace("features/", "scores/"))
        return segment

    @task
    def check(segment: str) -> None:
        """Wait for the run of the deep checks, which another team's job writes."""
        import time

        import mlflow

        c = mlflow.MlflowClient()
        experiment = c.get_experiment_by_name("deep-checks")
        for _ in range(60):
            runs = c.search_runs(
                [experiment.experiment_id],
                f"tags.segment = '{segment}'",
                order_by=["attributes.start_time DESC"],
                max_results=1,
            )
            if runs and runs[0].info.status in {"FINISHED", "FAILED"}:
                break
            time.sleep(30)
        if not runs or runs[0].info.status != "FINISHED":
            raise RuntimeError(f"deep checks of {segment} are not good")

    check.expand(segment=score.expand(segment=segments()))


nightly_scoring()
