"""Evaluates the latest prompts every night (data science script, no async please)."""
import json
import logging
import os
import socket
from pathlib import Path

import mlflow

from agentlab import prompts
from agentlab.config import settings

log = logging.getLogger("nightly")
SUITES = {"support": ["refund", "shipping", "tone"], "contract_reader": ["clauses", "dates"]}


def setup():
    mlflow.set_tracking_uri(settings().tracking)
    name = settings().eval_experiment
    e = mlflow.get_experiment_by_name(name)
    if not e:
        return mlflow.create_experiment(name)
    if e.lifecycle_stage == "deleted":
        mlflow.MlflowClient().restore_experiment(e.experiment_id)
    return e.experiment_id


def prompt_meta(p, model):
    m = {}
    m["prompt"] = "%s@%d" % (p.ref.name, p.ref.version)
    m["prompt.name"] = p.ref.name
    m["prompt.version"] = p.ref.version
    m["prompt.sha"] = p.sha
    m["llm"] = model or os.environ.get("AGENTLAB_DEFAULT_MODEL", "gpt-4o-mini")
    return m


def run_suite(exp_id, suite, prompt):
    tags = prompt_meta(prompt, None)
    tags["suite"] = suite
    tags["role"] = "nightly"
    with mlflow.start_run(experiment_id=exp_id, run_name=f"nightly-{suite}", tags=tags) as run:
        mlflow.log_text(prompt.template, "prompt.txt")
        mlflow.log_param("cases", len(json.loads(Path(f"suites/{suite}.json").read_text())))
    return run.info.run_id


def judge_later(run_id):
    with mlflow.start_run(run_id=run_id):
        mlflow.set_tag("phase", "judging")
        mlflow.set_tag("worker", socket.gethostname())
        mlflow.set_tag("pid", os.getpid())
        verdicts = Path(f"/tmp/{run_id}.tsv")
        if verdicts.exists():
            scores = [float(x.split("\t")[1]) for x in verdicts.read_text().splitlines()]
            mlflow.log_metric("score", sum(scores) / len(scores))
            mlflow.log_artifact(str(verdicts))


def base_score(exp_id, suite):
    query = "tags.role = 'baseline' and tags.suite = '%s'" % suite
    rs = mlflow.search_runs([exp_id], query, order_by=["start_time DESC"], max_results=1)
    if len(rs) > 0:
        return rs["metrics.score"].iloc[0]
    return None


def yesterday(exp_id, suite):
    rs = mlflow.search_runs([exp_id], f"tags.role = 'nightly' and tags.suite = '{suite}'",
                            order_by=["start_time DESC"], max_results=2)
    return rs.iloc[1] if len(rs) > 1 else None


def main():
    logging.basicConfig(level=logging.INFO)
    eid = setup()
    for agent, suites in SUITES.items():
        p = prompts.latest(agent)
        for s in suites:
            rid = run_suite(eid, s, p)
            judge_later(rid)
            now = mlflow.get_run(rid).data.metrics.get("score")
            base, prev = base_score(eid, s), yesterday(eid, s)
            log.info("%s/%s now %s base %s yesterday %s", agent, s, now, base, None if prev is None else prev.run_id)


if __name__ == "__main__":
    main()
