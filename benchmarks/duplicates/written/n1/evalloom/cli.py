"""Command line."""

from __future__ import annotations

import argparse
import json
import sys
import time

from mlflow.tracking import MlflowClient

from evalloom import report
from evalloom.compare import compare_with_baseline
from evalloom.prompts import PromptStore
from evalloom.tracking import latest_suite, mark_baseline, prompt_of


def cmd_compare(args: argparse.Namespace) -> int:
    run = latest_suite(args.suite)
    if run is None:
        print("no run", file=sys.stderr)
        return 2
    worse = [d for d in compare_with_baseline(run.info.run_id) if d.worse(args.tolerance)]
    for difference in worse:
        print(f"{difference.metric}: {difference.before:.3f} -> {difference.after:.3f}")
    return 1 if worse else 0


def cmd_prompt(args: argparse.Namespace) -> int:
    """Print the newest version of a prompt."""
    try:
        print(PromptStore().load(args.name).template)
    except KeyError:
        print(f"no prompt {args.name}", file=sys.stderr)
        return 2
    return 0


def cmd_show(args: argparse.Namespace) -> int:
    run = MlflowClient().get_run(args.run_id)
    name, version = prompt_of(run)
    print(json.dumps({"prompt": name, "version": version, **run.data.metrics}, indent=2))
    return 0


def cmd_prune(args: argparse.Namespace) -> int:
    client = MlflowClient()
    limit = int((time.time() - args.days * 86400) * 1000)
    experiment = client.get_experiment_by_name(args.experiment)
    for run in client.search_runs(
        [experiment.experiment_id],
        f"attributes.status = 'FAILED' and attributes.start_time < {limit}",
    ):
        client.delete_run(run.info.run_id)
    return 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="evalloom")
    sub = parser.add_subparsers(required=True)
    compare = sub.add_parser("compare")
    compare.add_argument("--suite", required=True)
    compare.add_argument("--tolerance", type=float, default=0.01)
    compare.set_defaults(func=cmd_compare)
    prompt = sub.add_parser("prompt")
    prompt.add_argument("name")
    prompt.set_defaults(func=cmd_prompt)
    show = sub.add_parser("show")
    show.add_argument("run_id")
    show.set_defaults(func=cmd_show)
    prune = sub.add_parser("prune")
    prune.add_argument("--days", type=int, default=30)
    prune.add_argument("--experiment", default="evalloom")
    prune.set_defaults(func=cmd_prune)
    write = sub.add_parser("report")
    write.add_argument("suite")
    write.set_defaults(func=lambda a: print(report.markdown(a.suite)) or 0)
    mark = sub.add_parser("baseline")
    mark.add_argument("run_id")
    mark.add_argument("suite")
    mark.set_defaults(func=lambda a: mark_baseline(a.run_id, a.suite) or 0)
    args = parser.parse_args(argv)
    return args.func(args)


if __name__ == "__main__":
    sys.exit(main())
