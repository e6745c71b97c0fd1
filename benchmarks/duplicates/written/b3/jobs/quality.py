import sys

import mlflow
import pyspark.sql.functions as F

from demand.schema import SALES, check
from demand.session import spark_session


def profile(frame):
    exprs = [F.mean(F.col(c).isNull().cast("int")).alias(c) for c in frame.columns]
    return frame.agg(*exprs).first().asDict()


def source_tags(path, rows):
    return {"quality.path": path, "quality.rows": str(rows), "quality.schema": "SALES"}


def attach(run_id, nulls):
    client = mlflow.MlflowClient()
    for column, share in nulls.items():
        client.log_metric(run_id, f"nulls_{column}", share)


def previous_run(job):
    exp = mlflow.get_experiment_by_name(f"demand/{job}")
    if exp is None:
        return None
    rows = mlflow.search_runs([exp.experiment_id], filter_string=f"tags.`batch.job` = '{job}'", max_results=1)
    for run_id in rows.get("run_id", []):
        return run_id
    return None


if __name__ == "__main__":
    with spark_session("demand-quality") as spark:
        path = sys.argv[1]
        sales = check(spark.read.parquet(path), SALES)
        nulls = profile(sales)
        mlflow.set_experiment("demand/quality")
        with mlflow.start_run(tags=source_tags(path, sales.count())) as run:
            attach(run.info.run_id, nulls)
            mlflow.log_param("previous", previous_run("quality"))
