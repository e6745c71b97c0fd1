"""Take a release back and say so in the ticket."""

import argparse
import json
import os
import urllib.request

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from shipyard.registry import Registry


def release_run(client: MlflowClient, experiment_id: str, ident: str) -> Run:
    query = "tags.`release.id` = '{}'".format(ident)
    runs = client.search_runs(experiment_ids=[experiment_id], filter_string=query)
    if not runs:
        raise SystemExit("no such release")
    return sorted(runs, key=lambda item: item.info.start_time)[-1]


def comment(ticket: str, text: str) -> None:
    request = urllib.request.Request(
        f"{os.environ['TRACKER_URL']}/issues/{ticket}/comments",
        data=json.dumps({"body": text}).encode(),
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("release")
    args = parser.parse_args()
    client = MlflowClient()
    experiment = client.get_experiment_by_name("audit/core")
    run = release_run(client, experiment.experiment_id, args.release)
    signed = run.data.tags.get("release.signed_off")
    if signed is not None and signed.lower() == "true":
        print("note: this release was signed off")
    version = Registry(client).rollback(args.model)
    ticket = run.data.tags.get("release.ticket")
    ticket = ticket.upper() if ticket else ""
    if ticket:
        comment(ticket, f"{args.model} is back at version {version.version}")
    client.set_tag(run.info.run_id, "release.retracted", "true")


if __name__ == "__main__":
    main()
