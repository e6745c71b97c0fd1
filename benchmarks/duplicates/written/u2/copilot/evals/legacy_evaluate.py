"""The synchronous evaluation with `mlflow.evaluate`; the nightly job still uses it."""
import argparse
import json
import logging
import os
from hashlib import sha1

import mlflow
import pandas as pd

from copilot.settings import get_settings
from copilot.tracing.decorators import with_run

log = logging.getLogger(__name__)
EXTRA_METRICS = ["toxicity", "flesch_kincaid_grade_level"]


def _digest(df):
    return sha1("".join(df.to_json(orient="records", lines=True)).encode()).hexdigest()[:10]


def _already_done(exp_id, prompt_name, prompt_version, digest):
    runs = mlflow.search_runs(
        [exp_id],
        filter_string="tags.`app.kind` = 'eval' and tags.`dataset.digest` = '{}'".format(digest),
        order_by=["start_time DESC"],
        output_format="list",
    )
    for r in runs:
        if r.info.status != "FINISHED":
            continue
        t = r.data.tags
        if t.get("prompt.name") == prompt_name and t.get("prompt.version") == str(prompt_version):
            return r
    return None


def eval_experiment():
    name = get_settings().eval_experiment_name
    e = mlflow.get_experiment_by_name(name)
    return e.experiment_id if e else mlflow.create_experiment(name, tags={"app.owner": "llm-apps"})


def start_eval(exp_id, prompt, data_name, df):
    run = mlflow.start_run(experiment_id=exp_id, run_name="eval-%s-v%s" % (prompt["name"], prompt["version"]))
    mlflow.set_tag("app.kind", "eval")
    mlflow.set_tag("prompt.name", prompt["name"])
    mlflow.set_tag("prompt.version", prompt["version"])
    mlflow.set_tag("prompt.digest", prompt["digest"])
    mlflow.set_tag("dataset.name", data_name)
    mlflow.set_tag("dataset.digest", _digest(df))
    mlflow.set_tag("dataset.size", len(df))
    return run


def top_run(exp_id, df):
    frame = mlflow.search_runs([exp_id], "tags.`app.kind` = 'eval' and status = 'FINISHED'")
    frame = frame[frame["tags.dataset.digest"] == _digest(df)].dropna(subset=["metrics.faithfulness/mean"])
    if not len(frame):
        return None
    return mlflow.get_run(frame.sort_values("metrics.faithfulness/mean", ascending=False).iloc[0]["run_id"])


def evaluate(prompt, data_file, force=False):
    df = pd.read_json(data_file, lines=True)
    name = os.path.splitext(os.path.basename(data_file))[0]
    exp_id = eval_experiment()
    done = None if force else _already_done(exp_id, prompt["name"], prompt["version"], _digest(df))
    if done is not None:
        log.info("skip %s", done.info.run_id)
        return done.data.metrics
    with start_eval(exp_id, prompt, name, df):
        result = mlflow.evaluate(
            data=df,
            predictions="answer",
            targets="reference",
            model_type="question-answering",
            evaluator_config={"col_mapping": {"inputs": "question"}},
        )
    return result.metrics


@with_run("smoke")
def smoke(path, run=None):
    df = pd.read_json(path, lines=True).head(5)
    mlflow.log_metric("rows", len(df))
    return run.info.run_id


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("prompt_json")
    p.add_argument("data")
    p.add_argument("--force", action="store_true")
    a = p.parse_args()
    mlflow.set_tracking_uri(get_settings().tracking_uri)
    with open(a.prompt_json) as fh:
        print(evaluate(json.load(fh), a.data, a.force))
