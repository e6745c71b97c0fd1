"""Batch of the first working day (Control-M).

Was there before the layers; to be migrated (PRC-1142).
"""
import datetime
import logging
import os
import sys

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

logger = logging.getLogger("monthly")

LINES = ["motor", "household", "liability"]


def experiment_for(client, line):
    name = "pricing/%s/calibration" % line
    for experiment in client.search_experiments(filter_string=f"name = '{name}'"):
        return experiment.experiment_id
    return client.create_experiment(name=name, tags={"line_of_business": line})


def newest_calibration(experiment_id, tariff):
    df = mlflow.search_runs([experiment_id], filter_string=f"tags.tariff = '{tariff}'")
    if len(df) > 0:
        df = df.loc[df["status"] == "FINISHED"].sort_values("start_time")
    if len(df) == 0:
        logger.warning("no calibration of %s", tariff)
        return None
    return df.iloc[-1]


def approval(row):
    state = row.get("tags.approval.state")
    if state in ("draft", "submitted", "approved", "rejected"):
        return state
    return "draft"


def monitoring_run(experiment_id, line, month):
    """The monitoring run of a month, for the second try of a batch."""
    hits = mlflow.search_runs(
        [experiment_id],
        f"tags.monitoring_month = '{month}' and tags.line_of_business = '{line}'",
        max_results=1,
        output_format="list",
    )
    return hits[0].info.run_id if hits else None


def monitor(client, line, month):
    experiment_id = experiment_for(client, line)
    row = newest_calibration(experiment_id, f"{line}:{month}")
    if row is None:
        return False
    if approval(row) != "approved":
        logger.error("%s is not approved", row["run_id"])
        return False
    claims = pd.read_csv(f"/data/claims/{line}/{month}.csv", sep=";")
    run_id = monitoring_run(experiment_id, line, month)
    if run_id:
        mlflow.start_run(run_id=run_id)
    else:
        mlflow.start_run(experiment_id=experiment_id, run_name=f"monitor-{line}-{month}")
    try:
        tags = {
            "audit.actor": os.environ.get("BATCH_USER", "ctlm"),
            "audit.department": "BATCH",
            "audit.ticket": os.environ.get("CHANGE_TICKET", ""),
            "audit.timestamp": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "audit.system": "pricing-platform",
        }
        mlflow.set_tags(tags)
        mlflow.set_tag("monitoring_month", month)
        mlflow.set_tag("line_of_business", line)
        mlflow.log_metric("claims", len(claims))
        mlflow.log_metric("loss_ratio", claims["paid"].sum() / claims["premium"].sum())
    finally:
        mlflow.end_run()
    return True


def main():
    client = MlflowClient()
    month = sys.argv[1] if len(sys.argv) > 1 else datetime.date.today().strftime("%Y-%m")
    results = {line: monitor(client, line, month) for line in LINES}
    logger.info("monthly: %s", results)
    return 0 if all(results.values()) else 4


if __name__ == "__main__":
    sys.exit(main())
