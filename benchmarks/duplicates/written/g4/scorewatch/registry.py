"""Which run is the champion of a segment."""

from __future__ import annotations

import logging

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from scorewatch.settings import SETTINGS, Keys, Role

logger = logging.getLogger(__name__)


def client() -> MlflowClient:
    return MlflowClient()


def champion(segment: str, experiment: str = SETTINGS.training) -> Run:
    """Give the run that is the champion of SEGMENT."""
    found = client().get_experiment_by_name(experiment)
    if found is None:
        raise LookupError(f"no experiment {experiment}")
    runs = client().search_runs(
        experiment_ids=[found.experiment_id],
        filter_string=(
            f"tags.`{Keys.ROLE}` = '{Role.CHAMPION}' AND tags.`{Keys.SEGMENT}` = '{segment}'"
        ),
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not runs:
        raise LookupError(f"segment {segment} has no champion")
    return runs[0]


def challengers(segment: str, experiment: str = SETTINGS.training) -> list[Run]:
    """Give all challengers of SEGMENT."""
    found = client().get_experiment_by_name(experiment)
    if found is None:
        return []
    return list(
        client().search_runs(
            experiment_ids=[found.experiment_id],
            filter_string=(
                f"tags.`{Keys.ROLE}` = '{Role.CHALLENGER}' "
                f"AND tags.`{Keys.SEGMENT}` = '{segment}'"
            ),
            order_by=["attributes.start_time DESC"],
        )
    )


def promote(run_id: str, segment: str) -> None:
    """Make a run the champion; the old one is retired."""
    try:
        old = champion(segment)
    except LookupError:
        logger.info("first champion of %s", segment)
    else:
        client().set_tag(old.info.run_id, Keys.ROLE, Role.RETIRED)
    client().set_tag(run_id, Keys.ROLE, Role.CHAMPION)
    client().set_tag(run_id, Keys.SEGMENT, segment)
