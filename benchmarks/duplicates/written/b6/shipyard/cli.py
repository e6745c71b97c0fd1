from __future__ import annotations

import argparse
from pathlib import Path

import mlflow
from mlflow.tracking import MlflowClient

from shipyard.audit import audited
from shipyard.config import Config
from shipyard.registry import Registry
from shipyard.releases import Releases, is_signed_off


@audited("promote")
def promote(config: Config, model: str, release_id: str, ticket: str) -> str:
    client = MlflowClient(config.tracking_uri)
    releases = Releases(client, "core")
    entry = config.models[model]
    experiment = client.get_experiment_by_name(entry.experiment)
    run = releases.last_passed(experiment.experiment_id, model)
    if run is None:
        raise SystemExit(f"{model}: no run has passed")
    if not is_signed_off(run):
        raise SystemExit(f"{model}: not signed off")
    registry = Registry(client)
    version = registry.register(model, run.info.run_id)
    audit_id = releases.open_audit(release_id, ticket)
    registry.promote(version)
    client.set_terminated(audit_id)
    return version.version


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="shipyard")
    parser.add_argument("--config", type=Path, default=Path("shipyard.toml"))
    sub = parser.add_subparsers(dest="command", required=True)
    up = sub.add_parser("promote")
    up.add_argument("model")
    up.add_argument("--release", required=True)
    up.add_argument("--ticket", default="")
    down = sub.add_parser("rollback")
    down.add_argument("model")
    args = parser.parse_args(argv)
    config = Config.read(args.config)
    mlflow.set_tracking_uri(config.tracking_uri)
    if args.command == "promote":
        print(promote(config, args.model, args.release, args.ticket))
    else:
        print(Registry(MlflowClient(config.tracking_uri)).rollback(args.model).version)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
