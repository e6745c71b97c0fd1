"""Command line."""

from __future__ import annotations

import argparse
import sys

import pandas as pd
from mlflow.tracking.client import MlflowClient

from pinetree.config import load_config
from pinetree.study import Study


def cmd_run(args: argparse.Namespace) -> int:
    """Run a study from its config."""
    params = Study(load_config(args.config)).run(pd.read_csv(args.data))
    for key, value in sorted(params.items()):
        print(f"{key} = {value}")
    return 0


def cmd_init(args: argparse.Namespace) -> int:
    """Make the study's experiment before the first run."""
    cfg = load_config(args.config)
    c = MlflowClient(cfg.tracking_uri)
    exp = c.get_experiment_by_name(cfg.experiment)
    if exp:
        if exp.lifecycle_stage != "active":
            c.restore_experiment(exp.experiment_id)
        eid = exp.experiment_id
    else:
        eid = c.create_experiment(cfg.experiment)
    print(f"experiment {cfg.experiment} has id {eid}")
    return 0


def cmd_best(args: argparse.Namespace) -> int:
    """Show the best trial of a study."""
    cfg = load_config(args.config)
    c = MlflowClient(cfg.tracking_uri)
    exp = c.get_experiment_by_name(cfg.experiment)
    if exp is None:
        print("no such experiment", file=sys.stderr)
        return 1
    parents = c.search_runs(
        experiment_ids=[exp.experiment_id],
        filter_string="tags.`pinetree.kind` = 'study' and tags.`pinetree.study` = '{}'".format(cfg.key),
        order_by=["start_time DESC"],
    )
    if not parents:
        print("study has not run", file=sys.stderr)
        return 1
    parent = parents[0].info.run_id
    sign = 1 if cfg.direction == "maximize" else -1
    trials = c.search_runs([exp.experiment_id], f"tags.mlflow.parentRunId = '{parent}' and status = 'FINISHED'")
    trials = [t for t in trials if cfg.metric in t.data.metrics]
    top = max(trials, key=lambda t: sign * t.data.metrics[cfg.metric], default=None)
    if top is None:
        print("no finished trial")
        return 1
    print(f"{top.info.run_name}: {cfg.metric} = {top.data.metrics[cfg.metric]:.4f}")
    return 0


def cmd_prune(args: argparse.Namespace) -> int:
    """Delete failed trials."""
    cfg = load_config(args.config)
    c = MlflowClient(cfg.tracking_uri)
    exp = c.get_experiment_by_name(cfg.experiment)
    if exp is None:
        return 0
    for run in c.search_runs([exp.experiment_id], "tags.`pinetree.kind` = 'trial' and status = 'FAILED'"):
        c.delete_run(run.info.run_id)
    return 0


def main(argv: list[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="pinetree")
    sub = parser.add_subparsers(required=True)
    for name, fn in (("run", cmd_run), ("init", cmd_init), ("best", cmd_best), ("prune", cmd_prune)):
        p = sub.add_parser(name)
        p.add_argument("config")
        if name == "run":
            p.add_argument("data")
        p.set_defaults(fn=fn)
    args = parser.parse_args(argv)
    return int(args.fn(args))


if __name__ == "__main__":
    raise SystemExit(main())
