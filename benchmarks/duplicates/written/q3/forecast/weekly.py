"""The standard weekly job."""
import argparse
import logging
import os
import time
from pathlib import Path

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

from forecast.calendar_utils import iso_week, week_start
from forecast.models import MODELS, wape
from forecast.runs import get_experiment, start_store_run, week_parent
from forecast.selection import choose_model

log = logging.getLogger("weekly")


def read_sales(customer):
    df = pd.read_csv(Path("/data") / customer / "sales.csv", parse_dates=["date"], dtype={"store": str})
    df["week"] = df["date"].dt.date.map(iso_week)
    return df.groupby(["store", "week"], as_index=False)["qty"].sum()


def delivery_tags(customer, week, path):
    st = os.stat(path)
    return {
        "delivery.customer": customer,
        "delivery.week": week,
        "delivery.file": str(path),
        "delivery.mtime": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(st.st_mtime)),
        "delivery.bytes": str(st.st_size),
    }


def open_parent(experiment_id, customer, week, stores):
    parent = week_parent(experiment_id, week)
    if parent is not None:
        log.info("%s %s: continuing parent %s", customer, week, parent)
        return mlflow.start_run(run_id=parent)
    return mlflow.start_run(
        experiment_id=experiment_id,
        run_name=f"{customer}-{week}",
        tags={"level": "week", "customer": customer, "week": week, "stores": ",".join(stores)},
    )


def run_week(customer, week, horizon=4):
    sales = read_sales(customer)
    stores = sorted(sales["store"].unique())
    experiment_id = get_experiment(customer)
    client = MlflowClient()
    with open_parent(experiment_id, customer, week, stores) as parent:
        mlflow.set_tags(delivery_tags(customer, week, Path("/data") / customer / "sales.csv"))
        for store in stores:
            y = sales.loc[(sales["store"] == store) & (sales["week"] < week)].sort_values("week")["qty"]
            model = choose_model(experiment_id, store)
            rid = start_store_run(parent.info.run_id, experiment_id, customer, store, week, model)
            try:
                if len(y) <= horizon:
                    raise ValueError(f"store {store} has only {len(y)} weeks")
                fc = MODELS[model]().fit(y.iloc[:-horizon]).predict(horizon)
                client.log_metric(rid, "wape", wape(y.iloc[-horizon:], fc))
                client.set_terminated(rid)
            except ValueError as e:
                log.warning("%s", e)
                client.set_terminated(rid, "FAILED")
    return parent.info.run_id


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("customer")
    ap.add_argument("week")
    a = ap.parse_args()
    logging.basicConfig(level=logging.INFO)
    week_start(a.week)  # validates
    run_week(a.customer, a.week)
