"""From what people type to what is on the server."""
from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Optional

from mlflow.entities import Experiment, Run
from mlflow.exceptions import MlflowException

from runctl.errors import NotThere
from runctl.session import cached, client

KEEP = "keep"
DEFAULT_DAYS = 90


def experiment(key: str) -> Experiment:
    """An experiment by id or name."""
    if key.isdigit():
        try:
            return client().get_experiment(key)
        except MlflowException:
            pass
    found = client().get_experiment_by_name(key)
    if found is None:
        raise NotThere("experiment", key)
    return found


def run(experiment_key: str, key: str) -> Run:
    """A run by id, or the newest one of a name."""
    try:
        return client().get_run(key)
    except MlflowException:
        pass
    hits = client().search_runs(
        [experiment(experiment_key).experiment_id],
        filter_string=f"attributes.run_name = '{key}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not hits:
        raise NotThere("run", key)
    return hits[0]


def expires(run: Run) -> Optional[date]:
    """The day from which a run may be deleted; None for never."""
    keep = run.data.tags.get(KEEP, str(DEFAULT_DAYS))
    if keep == "forever":
        return None
    started = datetime.fromtimestamp(run.info.start_time / 1000, tz=timezone.utc).date()
    return started + timedelta(days=int(keep))


def experiment_names() -> list[str]:
    """For the completion in the shell."""
    return cached("experiments", 600, lambda: [e.name for e in client().search_experiments()])
