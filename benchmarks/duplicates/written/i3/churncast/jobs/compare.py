"""Is the challenger better than the champion?"""

import logging
import sys
from typing import Optional, Tuple

import pandas as pd
from mlflow.entities import Run, ViewType
from mlflow.tracking import MlflowClient

from churncast.settings import target_named
from churncast.tracking import experiment_for

logger = logging.getLogger(__name__)


def lowest_error(client: MlflowClient, experiment_id: str, target: str) -> Optional[Run]:
    best = None
    for run in client.search_runs([experiment_id], f"tags.target = '{target}'", ViewType.ACTIVE_ONLY):
        if run.info.status != "FINISHED" or "val_rmse" not in run.data.metrics:
            continue
        if best is None or run.data.metrics["val_rmse"] < best.data.metrics["val_rmse"]:
            best = run
    return best


def last_night(client: MlflowClient, experiment_id: str, target: str) -> Optional[Run]:
    conditions = ["tags.job = 'nightly'"]
    conditions.append("tags.target = '{}'".format(target))
    result = client.search_runs([experiment_id], " and ".join(conditions), order_by=["start_time DESC"], max_results=1)
    if not result:
        logger.info("Nothing ran at night for %s", target)
        return None
    return result[0]


def latest_champion(client: MlflowClient, experiment_id: str) -> Optional[Run]:
    result = client.search_runs([experiment_id], "tags.champion = 'true'", order_by=["start_time DESC"], max_results=1)
    return result[0] if result else None


def compare(name: str) -> Tuple[Optional[str], Optional[str]]:
    client = MlflowClient()
    experiment_id = experiment_for(target_named(name))
    champion = latest_champion(client, experiment_id) or lowest_error(client, experiment_id, name)
    challenger = last_night(client, experiment_id, name)
    if champion is None or challenger is None:
        return None, None
    if challenger.data.metrics["val_rmse"] < 0.99 * champion.data.metrics["val_rmse"]:
        client.set_tag(challenger.info.run_id, "champion", "true")
        client.delete_tag(champion.info.run_id, "champion")
    return champion.info.run_id, challenger.info.run_id


def history(name: str) -> pd.DataFrame:
    client = MlflowClient()
    runs = client.search_runs([experiment_for(target_named(name))], "tags.job = 'nightly'", max_results=365)
    return pd.DataFrame([{"start": r.info.start_time, **r.data.metrics} for r in runs])


if __name__ == "__main__":
    print(compare(sys.argv[1]))
