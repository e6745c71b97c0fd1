"""Scores the newest or the best model of a project with the whole suite."""

import argparse

import mlflow
from mlflow.tracking import MlflowClient
from transformers import pipeline

from bench.suite import SUITE, score
from ftune.recipes import Keys
from ftune.store import latest_finetune, log_samples, project_experiment


def winner(project):
    df = mlflow.search_runs([project_experiment(project)])
    df = df[df["metrics.eval_loss"] > 0].sort_values("metrics.eval_loss")
    if df.empty:
        return None
    return mlflow.get_run(df.iloc[0].run_id)


def finished(parent, name):
    children = mlflow.search_runs(
        [parent.info.experiment_id],
        f"tags.{Keys.BENCH} = '{name}' and tags.`mlflow.parentRunId` = '{parent.info.run_id}'",
        output_format="list",
    )
    for child in children:
        return child.info.run_id
    return None


def choose(args):
    if args.best:
        return winner(args.project)
    return latest_finetune(args.project, args.base, args.rev)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("project")
    ap.add_argument("--base")
    ap.add_argument("--rev")
    ap.add_argument("--best", action="store_true")
    args = ap.parse_args()
    parent = choose(args)
    if parent is None:
        raise SystemExit("no model")
    path = mlflow.artifacts.download_artifacts(run_id=parent.info.run_id, artifact_path="adapter")
    generator = pipeline("text-generation", model=path)
    for benchmark in SUITE:
        if finished(parent, benchmark.name):
            continue
        answers = []

        def generate(prompt):
            text = generator(prompt, max_new_tokens=128)[0]["generated_text"]
            answers.append({"prompt": prompt, "answer": text})
            return text

        value = score(benchmark, generate)
        client = MlflowClient()
        child = client.create_run(parent.info.experiment_id, run_name=f"bench-{benchmark.name}")
        for key, text in (
            ("mlflow.parentRunId", parent.info.run_id),
            (Keys.BENCH, benchmark.name),
            (Keys.BASE, parent.data.tags[Keys.BASE]),
        ):
            client.set_tag(child.info.run_id, key, text)
        client.log_metric(child.info.run_id, "score", value)
        log_samples(child.info.run_id, answers)
        client.set_terminated(child.info.run_id)


if __name__ == "__main__":
    main()
