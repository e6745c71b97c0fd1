import argparse
import datetime as dt
import os

import mlflow
import pyspark.sql.functions as F
from mlflow import MlflowClient

from demand.models import FEATURES
from demand.session import spark_session

EXPERIMENT = "demand/forecast"


def trained(partition):
    table = mlflow.search_runs(
        experiment_names=["demand/train"],
        filter_string=f"tags.`batch.partition` = '{partition}'",
        order_by=["end_time DESC"],
    )
    if table.empty:
        return None
    table = table.query("status == 'FINISHED'")
    return table["run_id"].head(1).squeeze() if len(table) else None


def training_watermark(run_id):
    run = MlflowClient().get_run(run_id)
    mark = run.data.tags.get("batch.watermark", None)
    if not mark:
        return None
    return dt.datetime.strptime(mark, "%Y-%m-%d").date()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("partition")
    args = parser.parse_args()
    run_id = trained(args.partition)
    if run_id is None:
        raise SystemExit(f"{args.partition}: never trained")
    with spark_session("demand-forecast") as spark:
        predict = mlflow.pyfunc.spark_udf(spark, f"runs:/{run_id}/model")
        frame = spark.read.parquet("s3a://demand/features").where(F.col("store_id").startswith(args.partition))
        result = frame.withColumn("forecast", predict(*FEATURES))
        result.write.mode("overwrite").parquet(f"s3a://demand/forecast/{args.partition}")
        exp = mlflow.get_experiment_by_name(EXPERIMENT)
        exp_id = mlflow.create_experiment(EXPERIMENT) if exp is None else exp.experiment_id
        with mlflow.start_run(experiment_id=exp_id):
            info = dict()
            info["batch.image"] = os.environ.get("IMAGE_TAG", "dev")
            info["batch.spark_app"] = spark.sparkContext.applicationId
            info["batch.partition"] = args.partition
            info["batch.job"] = "forecast"
            mlflow.set_tags(info)
            mlflow.log_metric("rows", result.count())
            mlflow.set_tag("batch.trained_until", str(training_watermark(run_id)))


if __name__ == "__main__":
    main()
