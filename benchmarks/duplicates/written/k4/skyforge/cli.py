"""Command line of the SDK."""

from __future__ import annotations

import argparse

from skyforge.client import SkyforgeClient
from skyforge.deploy import Deployer
from skyforge.models import promote
from skyforge.workspace import Workspace, current, login


def main(argv: list[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="skyforge")
    sub = parser.add_subparsers(dest="command", required=True)
    p = sub.add_parser("login")
    p.add_argument("workspace")
    p.add_argument("project")
    p.add_argument("tracking_uri")
    sub.add_parser("whoami")
    p = sub.add_parser("runs")
    p.add_argument("experiment")
    p = sub.add_parser("promote")
    p.add_argument("model")
    p.add_argument("metric")
    p = sub.add_parser("deploy")
    p.add_argument("endpoint")
    p.add_argument("model")
    args = parser.parse_args(argv)

    if args.command == "login":
        login(Workspace(args.workspace, args.project, args.tracking_uri))
        return 0
    if args.command == "whoami":
        ws = current()
        print(f"{ws.name}/{ws.project}")
        return 0
    client = SkyforgeClient()
    if args.command == "runs":
        experiment_id = client.experiment(args.experiment).experiment_id
        for run in client.iter_runs([experiment_id]):
            print(run.info.run_id, run.info.run_name, run.info.status)
    elif args.command == "promote":
        print("promoted" if promote(client, args.model, args.metric) else "kept")
    elif args.command == "deploy":
        deployer = Deployer(client)
        plan = deployer.plan(args.endpoint, args.model)
        deployer.record(plan)
        print(plan.manifest())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
