"""Answers judged by a bigger model."""
import json
import re
import sys

import mlflow
from mlflow.tracking.client import MlflowClient
from openai import OpenAI

from tunekit import settings as s

RUBRIC = "Score the answer from 1 to 5 for help and truth. Say only the number.\n"


def score(client, q, a):
    r = client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": f"{RUBRIC}Q: {q}\nA: {a}"}]
    )
    m = re.search(r"[1-5]", r.choices[0].message.content)
    return int(m.group()) if m else None


def locate(client, exp_id, run_id, job):
    if run_id is not None:
        return client.get_run(run_id)
    filters = ["tags.`tunekit.kind` = 'train'"]
    if job is not None:
        filters.append(f"tags.`tunekit.job` = '{job}'")
    found = client.search_runs([exp_id], " AND ".join(filters), order_by=["start_time DESC"])
    if len(found) == 0 and job is not None:
        print("no run of job", job, "- taking the newest", file=sys.stderr)
        found = client.search_runs([exp_id], filters[0], order_by=["start_time DESC"])
    if len(found) == 0:
        raise LookupError("nothing trained yet")
    return found[0]


def main(path, run_id=None, job=None):
    client = MlflowClient()
    exp = client.get_experiment_by_name(s.EXPERIMENT)
    if exp is None:
        sys.exit("no experiment")
    run = locate(client, exp.experiment_id, run_id, job)
    oai = OpenAI()
    with open(path) as f:
        items = json.load(f)
    got = [score(oai, i["q"], i["out"]) for i in items]
    got = [g for g in got if g]
    child = client.create_run(
        exp.experiment_id,
        run_name="eval-judge",
        tags={
            "mlflow.parentRunId": run.info.run_id,
            s.KIND_TAG: "eval",
            s.MODEL_TAG: run.data.tags.get(s.MODEL_TAG, "?"),
            "tunekit.suite": "judge",
        },
    )
    client.log_metric(child.info.run_id, "judge", sum(got) / max(len(got), 1))
    client.set_terminated(child.info.run_id)


if __name__ == "__main__":
    mlflow.set_tracking_uri(mlflow.get_tracking_uri())
    main(*sys.argv[1:])
