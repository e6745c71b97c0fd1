from datetime import datetime, timedelta

from airflow.decorators import dag, task
from airflow.operators.python import get_current_context

DEFAULT_ARGS = {"owner": "retention", "retries": 2, "retry_delay": timedelta(minutes=15)}


@dag(schedule="0 4 * * 1", start_date=datetime(2024, 1, 1), catchup=False, default_args=DEFAULT_ARGS)
def churn_weekly_training():
    @task
    def check_source(ds=None):
        from churnlib.warehouse import load_snapshot

        frame = load_snapshot(ds)
        if frame["subscriber_id"].duplicated().any():
            raise ValueError("duplicate subscribers")
        return len(frame)

    @task
    def train(rows: int, ds=None):
        from churnlib.lineage import airflow_tags
        from churnlib.trainer import train_weekly
        from churnlib.warehouse import load_snapshot

        tags = airflow_tags(get_current_context())
        tags["data.rows"] = str(rows)
        return train_weekly(load_snapshot(ds), ds, tags)

    @task
    def announce(run_id: str):
        print(f"trained {run_id}")

    announce(train(check_source()))


churn_weekly_training()
