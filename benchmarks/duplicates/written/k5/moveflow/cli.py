"""Command line."""

from __future__ import annotations

import argparse

from mlflow import MlflowClient

from moveflow import files
from moveflow.copy import RunCopier, close_open_copies, iter_runs, rollback
from moveflow.rest import RestApi
from moveflow.tree import build, render


def by_rest(source: str, target: str, experiment: str) -> int:
    """Copy tags and params only, without the MLflow client."""
    src, dst = RestApi(source), RestApi(target)
    old = src.get("experiments/get-by-name", experiment_name=experiment)["experiment"]["experiment_id"]
    new = dst.target_experiment(experiment, old)
    n = 0
    for run in src.runs(old):
        if dst.find_copy(new, run["info"]["run_id"]):
            continue
        run_id = dst.create_copy(new, run)
        dst.post("runs/log-batch", run_id=run_id, params=run["data"].get("params", []))
        n += 1
    return n


def main(argv: list[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="moveflow")
    sub = parser.add_subparsers(dest="command", required=True)
    p = sub.add_parser("copy")
    p.add_argument("source")
    p.add_argument("target")
    p.add_argument("experiment")
    p.add_argument("--rest", action="store_true")
    p.add_argument("--rollback", action="store_true")
    p = sub.add_parser("tree")
    p.add_argument("experiment")
    for name in ("export", "import"):
        p = sub.add_parser(name)
        p.add_argument("folder")
        p.add_argument("--experiment")
    args = parser.parse_args(argv)

    if args.command == "export":
        print(files.export(args.experiment, args.folder))
    elif args.command == "import":
        print(files.import_(args.folder, args.experiment))
    elif args.command == "tree":
        client = MlflowClient()
        exp = client.get_experiment_by_name(args.experiment)
        if exp is None:
            return 1
        print(render(build(list(iter_runs(client, exp.experiment_id)))))
    elif args.rest:
        print(by_rest(args.source, args.target, args.experiment))
    else:
        source, target = MlflowClient(args.source), MlflowClient(args.target)
        if args.rollback:
            exp = target.get_experiment_by_name(args.experiment)
            print(rollback(target, exp.experiment_id) if exp else 0)
            return 0
        print(RunCopier(source, target).copy_experiment(args.experiment))
        exp = target.get_experiment_by_name(args.experiment)
        close_open_copies(target, exp.experiment_id)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
