"""Nightly evaluation of every prompt in ``prompts/``."""

import pathlib
import statistics

import mlflow

from evalbench.judges import exact_match
from evalbench.types import Answer, Prompt, Sample

PROVIDER = "vllm"
JUDGE = "exact"


def samples():
    for line in pathlib.Path("data/nightly.jsonl").read_text().splitlines():
        yield Sample.model_validate_json(line)


def answers(prompt):
    path = pathlib.Path("outputs") / f"{prompt.sha}.jsonl"
    return {a.sample_id: a for a in map(Answer.model_validate_json, path.read_text().splitlines())}


if mlflow.get_experiment_by_name("evalbench-nightly") is None:
    mlflow.create_experiment("evalbench-nightly")
EXPERIMENT_ID = mlflow.get_experiment_by_name("evalbench-nightly").experiment_id

for path in sorted(pathlib.Path("prompts").glob("*.txt")):
    prompt = Prompt(name=path.stem, template=path.read_text())
    given = answers(prompt)
    with mlflow.start_run(experiment_id=EXPERIMENT_ID, run_name=f"nightly-{path.stem}"):
        mlflow.set_tag("eval.prompt_sha", prompt.sha)
        mlflow.set_tag("eval.suite", "nightly")
        mlflow.set_tag("eval.provider", PROVIDER)
        mlflow.set_tag("eval.judge", JUDGE)
        verdicts = [exact_match(s, given[s.id]) for s in samples() if s.id in given]
        if verdicts:
            mlflow.log_metric("mean_score", statistics.fmean(v.score for v in verdicts))
