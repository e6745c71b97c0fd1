import argparse
import datetime as dt

import mlflow

from demand import features
from demand.history import History, job_tags, watermark
from demand.keys import Keys
from demand.models import fit_partition
from demand.schema import CALENDAR, SALES, check
from demand.session import spark_session

JOB = "train"


def load(spark, day):
    sales = check(spark.read.parquet("s3a://demand/sales"), SALES).where(f"day <= '{day}'")
    calendar = check(spark.read.parquet("s3a://demand/calendar"), CALENDAR)
    return features.price_index(features.with_calendar(features.rolling(features.lags(sales)), calendar))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--day", type=dt.date.fromisoformat, default=dt.date.today())
    parser.add_argument("--partitions", nargs="+", required=True)
    args = parser.parse_args()
    history = History()
    with spark_session("demand-train") as spark:
        frame = load(spark, args.day)
        tags = job_tags(spark, JOB, "all")
        tags[Keys.WATERMARK] = args.day.isoformat()
        previous = history.last_of(JOB)
        if previous is not None and watermark(previous) == args.day:
            print("already trained today")
            return
        with mlflow.start_run(experiment_id=history.experiment(JOB), run_name=str(args.day), tags=tags) as parent:
            for partition in args.partitions:
                run_id = history.open_partition(parent, partition, 1)
                local = frame.where(f"store_id like '{partition}%'").toPandas()
                _, error = fit_partition(local)
                history.api.log_metric(run_id, "mape", error)
                history.api.set_terminated(run_id)


if __name__ == "__main__":
    main()
