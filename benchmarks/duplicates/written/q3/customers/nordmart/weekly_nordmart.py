"""NordMart: as the standard job, but with regions between chain and stores.

Lena, 2022. Do not touch before Christmas.
"""
import sys
import warnings

import mlflow
import numpy as np
import pandas as pd
from mlflow.tracking import MlflowClient

sys.path.insert(0, "/opt/forecast")
from forecast.models import Holt, SeasonalNaive, reconcile_top_down, wape  # noqa: E402

warnings.filterwarnings("ignore")
mlflow.set_tracking_uri("http://mlflow.fc.local:5000")
client = MlflowClient()

CUSTOMER = "nordmart"
WEEK = sys.argv[1]
H = 4

exp = client.get_experiment_by_name("nordmart/weekly")
if exp is None:
    EXP_ID = client.create_experiment("nordmart/weekly", artifact_location="s3://fc-nordmart/mlflow")
else:
    EXP_ID = exp.experiment_id


def parent_for(week):
    found = [
        r for r in client.search_runs([EXP_ID], "tags.level = 'week'", order_by=["attribute.start_time DESC"], max_results=1000)
        if r.data.tags["week"] == week
    ]
    if found:
        return found[0].info.run_id


def region_run(week, region):
    found = [
        r for r in client.search_runs([EXP_ID], "tags.level = 'region'", order_by=["attribute.start_time DESC"], max_results=1000)
        if r.data.tags["week"] == week and r.data.tags["region"] == region
    ]
    if found:
        return found[0].info.run_id


def child(parent, store, week, model):
    run = client.create_run(EXP_ID)
    rid = run.info.run_id
    client.set_tag(rid, "mlflow.parentRunId", parent)
    client.set_tag(rid, "mlflow.runName", "%s-%s" % (store, week))
    client.set_tag(rid, "level", "store")
    client.set_tag(rid, "customer", CUSTOMER)
    client.set_tag(rid, "store", str(store))
    client.set_tag(rid, "week", week)
    client.log_param(rid, "model", model)
    return rid


def region_child(parent, region, week, n):
    run = client.create_run(EXP_ID)
    rid = run.info.run_id
    client.set_tag(rid, "mlflow.parentRunId", parent)
    client.set_tag(rid, "level", "region")
    client.set_tag(rid, "region", region)
    client.set_tag(rid, "week", week)
    client.set_tag(rid, "n_stores", str(n))
    return rid


sales = pd.read_csv("/data/nordmart/sales.csv", dtype={"store": str})
regions = pd.read_csv("/data/nordmart/regions.csv", dtype={"store": str}).set_index("store")["region"]
wide = sales.pivot_table(index="week", columns="store", values="qty", aggfunc="sum").fillna(0).sort_index()
wide = wide.loc[wide.index < WEEK]

pid = parent_for(WEEK)
if pid is None:
    pid = client.create_run(EXP_ID, tags={
        "level": "week", "customer": CUSTOMER, "week": WEEK, "stores": ",".join(wide.columns),
        "mlflow.runName": CUSTOMER + "-" + WEEK,
    }).info.run_id

errors = {}
for region, stores in regions.groupby(regions).groups.items():
    cols = [s for s in stores if s in wide]
    if not cols:
        continue
    rid = region_run(WEEK, region) or region_child(pid, region, WEEK, len(cols))
    total = wide[cols].sum(axis=1)
    fc_total = pd.Series(Holt().fit(total[:-H]).predict(H), index=total.index[-H:])
    base = pd.DataFrame({s: SeasonalNaive().fit(wide[s][:-H]).predict(H) for s in cols}, index=fc_total.index)
    final = reconcile_top_down(fc_total, base)
    client.log_metric(rid, "wape", wape(total[-H:], fc_total))
    for s in cols:
        c = child(rid, s, WEEK, "topdown")
        errors[s] = wape(wide[s][-H:], final[s])
        client.log_metric(c, "wape", errors[s])
        client.set_terminated(c)
    client.set_terminated(rid)

client.log_metric(pid, "wape_total", float(np.nanmean(list(errors.values()))))
client.set_terminated(pid)
