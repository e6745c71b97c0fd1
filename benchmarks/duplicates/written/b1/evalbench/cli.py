from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path

import mlflow
from mlflow import MlflowClient

from evalbench.runner import run_job
from evalbench.types import Job, Prompt, Sample


def load_samples(path: Path) -> list[Sample]:
    return [Sample.model_validate_json(line) for line in path.read_text().splitlines() if line]


def show_baseline(client: MlflowClient, experiment_name: str) -> None:
    exp = mlflow.set_experiment(experiment_name)
    runs = client.search_runs([exp.experiment_id], order_by=["attributes.end_time DESC"])
    named = [r for r in runs if r.info.run_name == "baseline" and r.info.status == "FINISHED"]
    if not named:
        print("no baseline")
        return
    run = named[0]
    judge = run.data.tags["eval.judge"] if "eval.judge" in run.data.tags else "gpt-4"
    print(json.dumps({"id": run.info.run_id, "judge": judge, "metrics": run.data.metrics}, indent=2))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="evalbench")
    sub = parser.add_subparsers(dest="command", required=True)
    run = sub.add_parser("run")
    run.add_argument("samples", type=Path)
    run.add_argument("--suite", required=True)
    run.add_argument("--provider", default="openai")
    run.add_argument("--model", default="gpt-4o")
    run.add_argument("--prompt", type=Path, required=True)
    for p in (run, sub.add_parser("baseline")):
        p.add_argument("--experiment", default="evalbench")
    args = parser.parse_args(argv)
    if args.command == "baseline":
        show_baseline(MlflowClient(), args.experiment)
        return 0
    prompt = Prompt(name=args.prompt.stem, template=args.prompt.read_text())
    job = Job(suite=args.suite, provider=args.provider, model=args.model, prompt=prompt)
    score = asyncio.run(run_job(job, load_samples(args.samples), args.experiment))
    print(f"{args.suite}: {score:.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
