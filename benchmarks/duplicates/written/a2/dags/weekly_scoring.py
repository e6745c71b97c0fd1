from datetime import datetime

import mlflow
from airflow.decorators import dag, task
from airflow.operators.python import get_current_context


@dag(schedule="0 9 * * 1", start_date=datetime(2024, 1, 1), catchup=False)
def churn_weekly_scoring():
    @task
    def locate(ds=None):
        client = mlflow.tracking.MlflowClient()
        exp = client.get_experiment_by_name("/churn/weekly")
        hits = client.search_runs(
            [exp.experiment_id],
            f"attributes.status = 'FINISHED' and tags.\"airflow.ds\" = '{ds}'",
            order_by=["attributes.start_time DESC"],
        )
        if not hits:
            raise RuntimeError(f"nothing trained on {ds}")
        return hits[0].info.run_id

    @task
    def score(run_id, ds=None):
        from churnlib.scoring import deciles, load_champion, score_frame
        from churnlib.warehouse import load_snapshot, write_scores

        ctx = get_current_context()
        booster, _ = load_champion()
        frame = deciles(score_frame(booster, load_snapshot(ds), ds, run_id))
        mlflow.set_experiment("/churn/scoring")
        with mlflow.start_run(run_name=f"score-{ds}"):
            ti = ctx["task_instance"]
            for key, value in (
                ("airflow.ds", ctx["ds"]),
                ("airflow.dag_id", ti.dag_id),
                ("airflow.try_number", ti.try_number),
                ("airflow.run_id", ctx["dag_run"].run_id),
            ):
                mlflow.set_tag(key, value)
            mlflow.log_metric("rows", len(frame))
        return write_scores(frame)

    score(locate())


churn_weekly_scoring()
