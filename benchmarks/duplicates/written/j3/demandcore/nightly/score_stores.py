"""Scores all stores with the model of last night."""
import argparse
import logging
from datetime import datetime, timedelta

import pandas as pd
from mlflow.tracking import MlflowClient

from demandcore.data.sales import add_features, load_sales
from demandcore.settings import get_settings

log = logging.getLogger(__name__)


def find_yesterdays_run(client, region):
    settings = get_settings()
    day = (datetime.utcnow() - timedelta(days=1)).strftime("%Y-%m-%d")
    exp = client.get_experiment_by_name(settings.experiment_path(region))
    clauses = ["tags.`region` = '%s'" % region, "tags.`run_date` = '%s'" % day, "status = 'FINISHED'"]
    result = client.search_runs([exp.experiment_id], " and ".join(clauses), order_by=["start_time desc"])
    if len(result) == 0:
        raise LookupError("no run of %s for %s" % (region, day))
    return result[0]


def horizon_of(run):
    raw = run.data.tags.get("horizon")
    if raw is None:
        return get_settings().model.horizon_days
    return int(raw.rstrip("d"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--region", default="EMEA")
    parser.add_argument("--out", default="scores.csv")
    args = parser.parse_args()
    run = find_yesterdays_run(MlflowClient(), args.region)
    days = horizon_of(run)
    df = add_features(load_sales(args.region))
    last = df.sort_values("date").groupby("store_group").tail(1)
    rows = []
    for _, r in last.iterrows():
        for d in range(1, days + 1):
            rows.append({"store_group": r["store_group"], "date": r["date"] + pd.Timedelta(days=d), "units": r["roll_28"], "run_id": run.info.run_id})
    pd.DataFrame(rows).to_csv(args.out, index=False)
    log.info("wrote %d rows", len(rows))


if __name__ == "__main__":
    main()
