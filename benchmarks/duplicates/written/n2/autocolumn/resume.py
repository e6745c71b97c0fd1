"""Go on with the last session."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import mlflow
from mlflow import MlflowClient

log = logging.getLogger("autocolumn")


@dataclass
class Session:
    """A session as the server knows it."""

    id: str
    kind: str
    target: str
    folds: int
    done: list[str] = field(default_factory=list)


def last_session_run(experiment_name):
    """The newest run that AutoColumn wrote to the experiment."""
    client = MlflowClient()
    experiment = client.get_experiment_by_name(experiment_name)
    if experiment is None:
        return None
    newest = client.search_runs(
        [experiment.experiment_id],
        "tags.Source = 'autocolumn'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not newest:
        return None
    return newest[0]


def session_of(run) -> Session:
    """Read the session back from the tags of one of its runs."""
    tags = run.data.tags
    return Session(
        id=tags["Session"],
        kind=tags.get("Kind", "regression"),
        target=tags["Target"],
        folds=int(tags.get("Folds", 5)),
    )


def resume_last(experiment_name: str) -> Session | None:
    """The last session, with the models that are done."""
    run = last_session_run(experiment_name)
    if run is None:
        log.info("nothing to resume in %s", experiment_name)
        return None
    session = session_of(run)
    done = MlflowClient().search_runs(
        [run.info.experiment_id],
        f"tags.Session = '{session.id}' and attributes.status = 'FINISHED'",
        max_results=1000,
    )
    session.done = [r.data.tags["Model"] for r in done]
    return session


def reopen_model(experiment_id: str, session_id: str, model_id: str):
    """Open the run of a model again when it broke off, else start it."""
    broken = mlflow.search_runs(
        [experiment_id],
        f"tags.Session = '{session_id}' and tags.Model = '{model_id}' and status != 'FINISHED'",
        order_by=["start_time DESC"],
        max_results=1,
        output_format="list",
    )
    if broken:
        return mlflow.start_run(run_id=broken[0].info.run_id)
    return mlflow.start_run(
        experiment_id=experiment_id, tags={"Session": session_id, "Model": model_id}
    )
