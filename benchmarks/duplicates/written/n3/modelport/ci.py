"""The command for pipelines, made with argparse."""

from __future__ import annotations

import argparse
import os
import sys

import mlflow
from mlflow.tracking import MlflowClient

from modelport.errors import GateClosed
from modelport.gate import Rule, check, promote
from modelport.manifest import replicas_of
from modelport.sdk import Deployer


def gate(options: argparse.Namespace) -> int:
    runs = mlflow.search_runs(
        experiment_names=[options.experiment],
        filter_string=f"tags.`port.model`='{options.model}' AND status='FINISHED'",
    )
    runs = runs.dropna(subset=[f"metrics.{options.metric}"])
    if not len(runs):
        print("no candidate", file=sys.stderr)
        return 2
    best = runs.loc[runs[f"metrics.{options.metric}"].idxmax(), "run_id"]
    try:
        check(best, [Rule(options.metric, at_least=options.at_least)])
    except GateClosed as error:
        print(error, file=sys.stderr)
        return 1
    print(promote(options.model, best))
    return 0


def smoke(options: argparse.Namespace) -> int:
    """Is the model live with as many replicas as its run asks for?"""
    live = Deployer(options.target).live(options.model)
    if live is None:
        return 1
    client = MlflowClient()
    source = client.get_run(client.get_run(live).data.tags["port.source_run"])
    replicas = replicas_of(source)
    print(f"{options.model}: {replicas} replicas expected")
    return 0 if options.have is None or options.have == replicas else 1


def announce(options: argparse.Namespace) -> int:
    """Write a run about a deployment that another tool made."""
    keys = ("model", "version", "source_run", "target", "status")
    tags = {f"port.{key}": str(getattr(options, key)) for key in keys}
    tags["port.by"] = os.getenv("USER", "ci")
    mlflow.set_experiment("deployments")
    with mlflow.start_run(run_name=f"{options.model}-v{options.version}", tags=tags):
        mlflow.log_dict(vars(options) | {"func": None}, "manifest.json")
    return 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("modelport-ci")
    sub = parser.add_subparsers(required=True)
    p = sub.add_parser("gate")
    p.add_argument("--model", required=True)
    p.add_argument("--experiment", default="training")
    p.add_argument("--metric", default="auc")
    p.add_argument("--at-least", type=float, default=0.75)
    p.set_defaults(func=gate)
    p = sub.add_parser("smoke")
    p.add_argument("--model", required=True)
    p.add_argument("--target", default="kubernetes")
    p.add_argument("--have", type=int)
    p.set_defaults(func=smoke)
    p = sub.add_parser("announce")
    for name in ("model", "version", "source-run", "target"):
        p.add_argument(f"--{name}", required=True)
    p.add_argument("--status", default="live")
    p.set_defaults(func=announce)
    options = parser.parse_args(argv)
    return options.func(options)


if __name__ == "__main__":
    sys.exit(main())
