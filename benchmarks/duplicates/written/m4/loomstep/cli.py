"""Command line of loomstep."""

from __future__ import annotations

import argparse
import sys

from mlflow.tracking import MlflowClient

from loomstep import report
from loomstep.integrations.mlflow.lookup import last_failure
from loomstep.integrations.mlflow.settings import MLflowSettings


def main(argv=None) -> int:
    settings = MLflowSettings()
    parser = argparse.ArgumentParser("loomstep")
    parser.add_argument("command", choices=["show", "close", "why", "env"])
    parser.add_argument("what")
    args = parser.parse_args(argv)
    client = MlflowClient(settings.tracking_uri)
    experiment = client.get_experiment_by_name(settings.experiment)
    if experiment is None:
        print("nothing was run yet", file=sys.stderr)
        return 1
    if args.command == "show":
        run = report.resolve(experiment.experiment_id, args.what)
        print(report.text_report(experiment.experiment_id, run) if run else "not found")
    elif args.command == "why":
        run = last_failure(client, experiment.experiment_id, args.what)
        print(report.text_report(experiment.experiment_id, run) if run else "no failure")
    elif args.command == "env":
        good = client.search_runs(
            [experiment.experiment_id],
            "tags.`loomstep.pipeline` = '%s' and tags.`loomstep.kind` = 'pipeline' and status = 'FINISHED'" % args.what,
            order_by=["start_time DESC"],
        )
        if not good:
            print("no finished run of", args.what, file=sys.stderr)
            return 1
        run_id = good[0].info.run_id
        for key, value in settings.export(run_id).items():
            print(f"export {key}={value}")
    else:
        open_runs = client.search_runs(
            [experiment.experiment_id], f"tags.mlflow.parentRunId = '{args.what}' and status = 'RUNNING'"
        )
        for one in open_runs:
            client.set_terminated(one.info.run_id, "KILLED")
        print("closed", len(open_runs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
