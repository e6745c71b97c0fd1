"""Command line of siltstone."""

from __future__ import annotations

import argparse
import json
import sys

import mlflow

from siltstone.lineage import LineageGraph


def who_made(args) -> int:
    name, _, digest = args.version.partition("@")
    runs = mlflow.search_runs(experiment_names=[args.experiment], order_by=["start_time DESC"])
    if not runs.empty and "tags.siltstone.digest" in runs.columns:
        mask = (runs["tags.siltstone.dataset"] == name) & (runs["tags.siltstone.digest"] == digest)
        runs = runs[mask & (runs["status"] == "FINISHED")]
    if runs.empty:
        print("no run made", args.version, file=sys.stderr)
        return 1
    print(runs.iloc[0]["run_id"])
    return 0


def inputs(args) -> int:
    run = mlflow.get_run(args.run_id)
    text = run.data.tags.get("siltstone.parents", "[]")
    try:
        parents = json.loads(text)
    except ValueError:
        parents = []
    print("\n".join(parents))
    return 0


def graph(args) -> int:
    for node in LineageGraph(args.experiment).upstream(args.version):
        print(node.version, "<-", ", ".join(node.inputs) or "-", node.run_id or "?")
    return 0


def main(argv=None) -> int:
    parser = argparse.ArgumentParser("siltstone")
    parser.add_argument("--experiment", default="features")
    sub = parser.add_subparsers(required=True)
    for func in (who_made, graph):
        one = sub.add_parser(func.__name__.replace("_", "-"))
        one.add_argument("version")
        one.set_defaults(func=func)
    one = sub.add_parser("inputs")
    one.add_argument("run_id")
    one.set_defaults(func=inputs)
    args = parser.parse_args(argv)
    return args.func(args)


if __name__ == "__main__":
    sys.exit(main())
