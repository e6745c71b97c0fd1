from datetime import datetime

import mlflow
from airflow.decorators import dag, task
from airflow.operators.python import get_current_context

LIMIT = 0.2


def lineage(ctx, extra=None):
    tags = dict(extra or {})
    tags["airflow.dag_id"] = ctx["dag"].dag_id
    tags["airflow.run_id"] = ctx["run_id"]
    tags["airflow.ds"] = ctx["ds"]
    return tags


@dag(schedule="@daily", start_date=datetime(2024, 6, 1), catchup=False)
def churn_drift_watch():
    @task
    def measure(ds=None):
        from churnlib.monitoring import drift, worst

        values = drift(ds)
        try:
            eid = mlflow.create_experiment("/churn/drift")
        except mlflow.exceptions.MlflowException:
            eid = mlflow.get_experiment_by_name("/churn/drift").experiment_id
        with mlflow.start_run(experiment_id=eid, tags=lineage(get_current_context(), {"kind": "drift"})):
            mlflow.log_metrics({f"psi_{k}": v for k, v in values.items()})
        return worst(values)

    @task
    def alarm(values):
        bad = {k: v for k, v in values.items() if v > LIMIT}
        if bad:
            raise RuntimeError(f"drift above {LIMIT}: {bad}")

    alarm(measure())


churn_drift_watch()
