"""Make the model of a run the one in use."""

import time

from mlflow.exceptions import MlflowException, RestException

from runlane.errors import RunlaneError, UnknownRun


def _lookup(project, what):
    try:
        return project.client.get_run(what)
    except MlflowException:
        pass
    by_name = project.client.search_runs(
        experiment_ids=[project.experiment_id],
        filter_string="tags.mlflow.runName = '{}'".format(what),
    )
    if len(by_name) == 0:
        raise UnknownRun("cannot find %s" % what)
    return sorted(by_name, key=lambda r: r.info.start_time)[-1]


def promote(project, what, model=None, alias="champion", timeout=120):
    """Register the model of a run and point the alias at it."""
    client = project.client
    run = _lookup(project, what)
    if run.info.status != "FINISHED":
        raise RunlaneError(f"run {run.info.run_id} is {run.info.status}")
    model = model or project.name
    try:
        client.create_registered_model(model)
    except RestException:
        pass
    version = client.create_model_version(
        model, f"{run.info.artifact_uri}/model", run_id=run.info.run_id
    )
    until = time.monotonic() + timeout
    while version.status == "PENDING_REGISTRATION":
        if time.monotonic() > until:
            raise RunlaneError("the model is not ready in time")
        time.sleep(1)
        version = client.get_model_version(model, version.version)
    client.set_registered_model_alias(model, alias, version.version)
    client.set_tag(run.info.run_id, "runlane.promoted", "true")
    client.set_tag(run.info.run_id, "runlane.promoted.by", project.user)
    client.set_tag(run.info.run_id, "runlane.promoted.as", f"{model}@{alias}")
    return version.version


def demote(project, model, alias="champion"):
    """Take the alias away and tell the run."""
    version = project.client.get_model_version_by_alias(model, alias)
    project.client.delete_registered_model_alias(model, alias)
    project.client.set_tag(version.run_id, "runlane.promoted", "false")
