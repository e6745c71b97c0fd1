"""Scores yesterday's impressions for all verticals."""
import argparse
import datetime as dt
import logging

import mlflow
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from jobs.common import job_run, retry, today, use_experiment
from svc.settings import get_settings

LOG = logging.getLogger("daily_score")
VERTICALS = ("retail", "travel", "games", "finance")


@retry(times=5)
def load_impressions(bucket, vertical, day):
    part = ds.field("day") == day.isoformat()
    return ds.dataset(f"{bucket}/impressions/{vertical}", partitioning="hive").to_table(filter=part).to_pandas()


def score(vertical, day, bucket):
    model = mlflow.pyfunc.load_model(f"models:/ctr_{vertical}@champion")
    frame = load_impressions(bucket, vertical, day)
    if frame.empty:
        LOG.warning("%s: no impressions on %s", vertical, day)
        return 0
    frame["ctr_hat"] = model.predict(frame.drop(columns=["clicked"]))
    out = f"{bucket}/scores/{vertical}/day={day}/part-0.parquet"
    pq.write_table(__import__("pyarrow").Table.from_pandas(frame[["imp_id", "ctr_hat"]]), out)
    return len(frame)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--verticals", nargs="*", default=VERTICALS)
    args = parser.parse_args()
    settings = get_settings()
    mlflow.set_tracking_uri(settings.tracking_uri)
    use_experiment(settings.jobs_experiment)
    day = today() - dt.timedelta(days=1)
    with job_run("daily_score", day, "ctr_*"):
        for vertical in args.verticals:
            with mlflow.start_run(run_name=vertical, nested=True):
                mlflow.set_tag("vertical", vertical)
                mlflow.log_metric("rows", score(vertical, day, settings.bucket))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    main()
