#!/usr/bin/env python
"""Promote without the gate. Leaves an audit run all the same."""

import datetime
import os
import sys

from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

mlflow_client = MlflowClient()


def team_experiment(team):
    location = "audit/" + team
    try:
        return mlflow_client.create_experiment(location)
    except MlflowException:
        return mlflow_client.get_experiment_by_name(location).experiment_id


def audit_run(team, release, ticket):
    stamp = datetime.datetime.now(datetime.timezone.utc).isoformat()
    extra = {"release.emergency": "true"}
    extra["release.actor"] = os.environ["USER"]
    extra["release.at"] = stamp
    extra["release.id"] = release
    extra["release.ticket"] = ticket
    entity = mlflow_client.create_run(
        experiment_id=team_experiment(team), run_name="release %s" % release, tags=extra
    )
    return entity.info.run_id


def main(model, version, release, ticket):
    run_id = audit_run("core", release, ticket)
    mlflow_client.set_registered_model_alias(model, "production", version)
    mlflow_client.log_param(run_id, "version", version)
    mlflow_client.set_terminated(run_id)


if __name__ == "__main__":
    main(*sys.argv[1:])
