"""Writes the cost of the run in production for old days. Runs on the batch host."""
import argparse
import datetime as dt
import time

from fraudlens.payments import cost, sample
from fraudlens.tracking.rest import MlflowRest


def production_run(rest, model):
    body = {
        "experiment_ids": [rest.experiment_id("fraudlens")],
        "filter": f"tags.stage = 'prod' and tags.model = '{model}' and attributes.status = 'FINISHED'",
        "order_by": ["attributes.start_time DESC"],
        "max_results": 1,
    }
    runs = rest.post("runs/search", body).get("runs") or []
    if not runs:
        raise SystemExit(f"no production run of {model}")
    return runs[0]


def days(first, last):
    d = first
    while d <= last:
        yield d
        d += dt.timedelta(days=1)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("first", type=dt.date.fromisoformat)
    ap.add_argument("last", type=dt.date.fromisoformat)
    ap.add_argument("--model", default="logit")
    args = ap.parse_args()
    rest = MlflowRest()
    run = production_run(rest, args.model)
    limit = next((m["value"] for m in run["data"].get("metrics", []) if m["key"] == "threshold"), 0.5)
    for i, day in enumerate(days(args.first, args.last)):
        df = sample(500, seed=day.toordinal())
        flagged = df["amount"] > df["amount"].quantile(limit)
        value = cost(df["label"], flagged, df["amount"])
        rest.post("runs/log-metric", {
            "run_id": run["info"]["run_id"], "key": "daily_cost", "value": value,
            "timestamp": int(time.time() * 1000), "step": i,
        })


if __name__ == "__main__":
    main()
