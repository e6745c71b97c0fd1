"""For the person on duty: promote a version by hand, or go back."""
from __future__ import annotations

import argparse
import datetime as dt
import os

from mlflow.tracking import MlflowClient

from fraudscore.registry import champion_run


def promote(client: MlflowClient, version: str, reason: str) -> None:
    current = client.get_model_version_by_alias("fraudscore", "champion")
    target = client.get_model_version("fraudscore", version)
    auc_old = float(current.tags.get("auc", 0.0))
    auc_new = float(target.tags.get("auc", 0.0))
    client.set_tag(target.run_id, "fs.promoted_by", os.environ.get("USER", "unknown"))
    client.set_tag(target.run_id, "fs.promoted_at", dt.datetime.now(dt.timezone.utc).isoformat())
    client.set_tag(target.run_id, "fs.replaced_version", current.version)
    client.set_tag(target.run_id, "fs.champion_auc", "%.4f" % auc_old)
    client.set_tag(target.run_id, "fs.challenger_auc", "%.4f" % auc_new)
    client.set_tag(target.run_id, "fs.reason", reason)
    client.set_registered_model_alias("fraudscore", "champion", version)


def back(client: MlflowClient) -> str:
    """Make the version that was replaced the champion again."""
    version = champion_run(client).data.tags.get("fs.replaced_version")
    if not version:
        raise SystemExit("the champion replaced nothing")
    client.set_registered_model_alias("fraudscore", "champion", version)
    return version


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["promote", "back"])
    parser.add_argument("--version")
    parser.add_argument("--reason", default="by hand")
    args = parser.parse_args()
    client = MlflowClient()
    if args.what == "back":
        print(back(client))
    else:
        promote(client, args.version, args.reason)


if __name__ == "__main__":
    main()
