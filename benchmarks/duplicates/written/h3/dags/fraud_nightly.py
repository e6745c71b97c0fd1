"""Nightly: score yesterday, check the drift, clean up once a week."""
from __future__ import annotations

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.python import PythonOperator


def _score(ds: str, **_) -> None:
    from datetime import date

    from fraudscore.jobs.score_day import score

    score(date.fromisoformat(ds))


def _check(ds: str, **_) -> None:
    """Fail when nothing was scored."""
    import mlflow

    df = mlflow.search_runs(
        experiment_names=["fraud/batch"],
        filter_string=f"tags.fs.day = '{ds}' and tags.fs.job = 'score'",
    )
    df = df[df["status"] == "FINISHED"]
    if df.empty:
        raise ValueError(f"nothing scored for {ds}")
    newest = df.sort_values("start_time").iloc[-1]
    if newest["metrics.rows"] < 1000:
        raise ValueError(f"only {newest['metrics.rows']} rows in {newest['run_id']}")


def _drift(ds: str, **_) -> None:
    from datetime import date

    from fraudscore.jobs.drift import DriftCheck

    DriftCheck().log(date.fromisoformat(ds))


def _tidy(**_) -> None:
    from mlflow.tracking import MlflowClient

    client = MlflowClient()
    experiment = client.get_experiment_by_name("fraud/batch")
    before = int((datetime.now() - timedelta(days=60)).timestamp() * 1000)
    for run in client.search_runs([experiment.experiment_id], f"status = 'FAILED' and start_time < {before}"):
        client.delete_run(run.info.run_id)


with DAG("fraud_nightly", start_date=datetime(2023, 1, 1), schedule="0 3 * * *", catchup=False) as dag:
    score_task = PythonOperator(task_id="score", python_callable=_score)
    check_task = PythonOperator(task_id="check", python_callable=_check)
    drift_task = PythonOperator(task_id="drift", python_callable=_drift)
    tidy_task = PythonOperator(task_id="tidy", python_callable=_tidy)
    score_task >> check_task >> drift_task >> tidy_task
