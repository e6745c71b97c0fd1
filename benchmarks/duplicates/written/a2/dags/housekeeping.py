from datetime import datetime, timedelta, timezone

from airflow.decorators import dag, task
from mlflow.tracking import MlflowClient


@dag(schedule="@weekly", start_date=datetime(2024, 1, 1), catchup=False)
def churn_housekeeping():
    @task
    def close_stuck():
        client = MlflowClient()
        border = datetime.now(timezone.utc) - timedelta(days=2)
        experiment = client.get_experiment_by_name("/churn/weekly")
        stuck = client.search_runs(
            [experiment.experiment_id],
            f"attributes.status = 'RUNNING' and attributes.start_time < {int(border.timestamp() * 1000)}",
        )
        for run in stuck:
            client.set_terminated(run.info.run_id, "KILLED")
        return len(stuck)

    close_stuck()


churn_housekeeping()
