"""Everything we know about one store, on the terminal."""
import json
import sys

import pandas as pd
from mlflow.tracking import MlflowClient

from forecast.runs import get_experiment, store_run, week_parent
from forecast.selection import choose_model


def latest_of_store(client, eid, store):
    """Whatever its status, a failed one is interesting too."""
    newest, stamp = None, -1
    for r in client.search_runs([eid], "tags.level = 'store'", max_results=50000):
        t = r.data.tags
        if t.get("store") == str(store) and r.info.start_time > stamp:
            newest, stamp = r, r.info.start_time
    return newest


def shared_weeks(client, eid, store):
    """In which weeks was the store announced in the parent's list?"""
    weeks = []
    for parent in client.search_runs([eid], "tags.level = 'week'", max_results=1000):
        listed = sorted(set(x.strip() for x in parent.data.tags.get("stores", "").split(",") if x.strip()))
        if store in listed:
            weeks.append(parent.data.tags.get("week"))
    return sorted(weeks)


def delivery(run):
    t = run.data.tags
    if "delivery.file" not in t:
        return None
    return {"file": t["delivery.file"], "mtime": pd.Timestamp(t["delivery.mtime"]), "bytes": int(t["delivery.bytes"])}


def dossier(customer, store, week):
    client = MlflowClient()
    eid = get_experiment(customer)
    last = latest_of_store(client, eid, store)
    info = {"customer": customer, "store": store, "model": choose_model(eid, store)}
    info["weeks"] = shared_weeks(client, eid, store)
    if last is not None:
        info["last"] = {"run": last.info.run_id, "status": last.info.status, "wape": last.data.metrics.get("wape")}
    parent = week_parent(eid, week)
    if parent is not None:
        info["this_week"] = store_run(parent, eid, store)
        d = delivery(client.get_run(parent))
        info["delivery"] = None if d is None else {**d, "mtime": d["mtime"].isoformat()}
    return info


if __name__ == "__main__":
    print(json.dumps(dossier(*sys.argv[1:4]), indent=2))
