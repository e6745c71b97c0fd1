"""Pages of runs and versions."""

from __future__ import annotations

from typing import Any, Callable, Iterator, List, Optional

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from substation_ml.constants import PAGE


def pages(call: Callable[..., Any], **kwargs: Any) -> Iterator[Any]:
    token: Optional[str] = None
    while True:
        page = call(page_token=token, **kwargs)
        yield from page
        token = getattr(page, "token", None)
        if not token:
            return


def all_runs(client: MlflowClient, experiment_ids: List[str], flt: str = "") -> List[Run]:
    return list(pages(client.search_runs, experiment_ids=experiment_ids, filter_string=flt, max_results=PAGE))


def all_versions(client: MlflowClient, name: str) -> list:
    return list(pages(client.search_model_versions, filter_string=f"name = '{name}'"))
