"""Slack message on Monday: widgets and rankers, in production and best."""
import json
import os
import urllib.request

import mlflow

from recsys.registry import champion_run
from recsys.stages import WIDGETS

MARKETS = ["de", "at", "ch", "nl", "pl", "cz"]


def widget_run(name):
    client = mlflow.tracking.MlflowClient(tracking_uri="https://mlflow-old.reco.example")
    live = [v for v in client.search_model_versions(f"name='{name}'") if v.current_stage == "Production"]
    if live:
        newest = sorted(live, key=lambda v: int(v.version))[-1]
        return client.get_run(newest.run_id)
    raise LookupError(f"{name} isn't in production")


def last_eval(market):
    df = mlflow.search_runs(experiment_names=["reco/eval"], filter_string=f"tags.market = '{market}'",
                            order_by=["attributes.start_time DESC"], max_results=1)
    return None if df.empty else df.iloc[0]


def lines():
    for w in WIDGETS:
        try:
            r = widget_run(w)
        except LookupError as e:
            yield f":warning: {e}"
            continue
        ctr = r.data.metrics.get("ctr", float("nan"))
        yield f"*{w}* {r.info.run_id[:8]} ctr {ctr:.3%}"
    for m in MARKETS:
        champ = champion_run("ranker_" + m)
        ev = last_eval(m)
        yield f"*ranker {m}* {champ.info.run_id[:8] if champ else 'none'}" + (f", last eval {ev.start_time:%d.%m.}" if ev is not None else "")


def post(text):
    req = urllib.request.Request(os.environ["SLACK_HOOK"], json.dumps({"text": text}).encode())
    urllib.request.urlopen(req, timeout=10).close()


if __name__ == "__main__":
    post("\n".join(lines()))
