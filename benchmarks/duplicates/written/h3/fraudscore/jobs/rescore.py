"""Score a range of days again, after a model had to be taken back."""
from __future__ import annotations

import sys
from datetime import date, timedelta

import mlflow.sklearn
from mlflow.tracking import MlflowClient

from fraudscore import features, storage

client = MlflowClient()


def batch_experiment() -> str:
    exp = client.get_experiment_by_name("fraud/batch")
    if exp and exp.lifecycle_stage == "active":
        return exp.experiment_id
    if exp:
        client.restore_experiment(exp.experiment_id)
        return exp.experiment_id
    return client.create_experiment("fraud/batch")


def last_batch(day: date) -> str | None:
    where = {"fs.job": "score", "fs.day": str(day)}
    clause = " and ".join(f"tags.`{k}` = '{v}'" for k, v in where.items())
    hits = [
        r
        for r in client.search_runs([batch_experiment()], clause, order_by=["start_time DESC"])
        if r.info.status == "FINISHED"
    ]
    return hits[0].info.run_id if hits else None


def begin(day: date, version: str) -> str:
    tags = {"mlflow.runName": f"score-{day:%Y%m%d}", "fs.job": "score"}
    tags["fs.day"] = day.isoformat()
    tags["fs.model_version"] = version
    tags["fs.source"] = str(storage.payments_path(day))
    run = client.create_run(batch_experiment(), tags=tags)
    return run.info.run_id


def rescore(day: date, version: str) -> None:
    old = last_batch(day)
    model = mlflow.sklearn.load_model(f"models:/fraudscore/{version}")
    run_id = begin(day, version)
    payments = storage.read_payments(day)
    values = model.predict_proba(features.table(payments))[:, 1]
    client.log_metric(run_id, "rows", len(values))
    storage.write_scores(day, payments.assign(score=values)[["score"]])
    if old:
        client.set_tag(old, "fs.replaced_by", run_id)
        client.set_tag(run_id, "fs.replaces", old)
    client.set_terminated(run_id)


def main(first: str, last: str, version: str) -> None:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        rescore(day, version)
        day += timedelta(days=1)


if __name__ == "__main__":
    main(*sys.argv[1:4])
