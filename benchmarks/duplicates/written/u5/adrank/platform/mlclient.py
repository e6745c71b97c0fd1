"""MLflow client wrapper.

All new code SHOULD use :class:`TrackingGateway` and not `MlflowClient` directly.
"""
import functools
import logging
import os
import random
import time
import typing as t

from cachetools import TTLCache
from mlflow.entities import Run, ViewType
from mlflow.exceptions import MlflowException, RestException
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)
F = t.TypeVar("F", bound=t.Callable[..., t.Any])

TAG_TENANT = "ad.tenant"
TAG_KIND = "ad.kind"
TAG_ARM = "ad.arm"
TAG_STATE = "ad.state"
TAG_RELEASE = "ad.release"
TAG_REQUEST = "ad.request_id"


class GatewayError(Exception):
    """Base class for gateway errors."""


class RunNotFound(GatewayError):
    """Raised when a run cannot be found."""


class ExperimentNotFound(GatewayError):
    """Raised when an experiment cannot be found."""


def retrying(attempts: int = 4, base: float = 0.2) -> t.Callable[[F], F]:
    def wrapper(fn: F) -> F:
        @functools.wraps(fn)
        def inner(*args: t.Any, **kwargs: t.Any) -> t.Any:
            for attempt in range(1, attempts + 1):
                try:
                    return fn(*args, **kwargs)
                except RestException as exc:
                    if attempt == attempts or exc.error_code not in ("INTERNAL_ERROR", "TEMPORARILY_UNAVAILABLE"):
                        raise
                    pause = base * 2 ** attempt * random.random()
                    logger.warning("attempt %d of %s failed, pause %.2f", attempt, fn.__name__, pause)
                    time.sleep(pause)

        return t.cast(F, inner)

    return wrapper


def experiment_name(tenant: str, kind: str) -> str:
    return f"adrank.{tenant}.{kind}"


class TrackingGateway:
    """Caching, retrying gateway to the tracking server."""

    def __init__(self, uri: t.Optional[str] = None) -> None:
        self._client = MlflowClient(uri or os.environ["MLFLOW_TRACKING_URI"])
        self._experiments: TTLCache = TTLCache(maxsize=512, ttl=600)

    @retrying()
    def get_or_create_experiment(self, tenant: str, kind: str) -> str:
        """Return the id of the experiment of a tenant, creating it if required."""
        name = experiment_name(tenant, kind)
        if name in self._experiments:
            return self._experiments[name]
        experiment = self._client.get_experiment_by_name(name)
        if experiment is None:
            experiment_id = self._client.create_experiment(name, tags={TAG_TENANT: tenant, TAG_KIND: kind})
        else:
            experiment_id = experiment.experiment_id
        self._experiments[name] = experiment_id
        return experiment_id

    def require_experiment(self, tenant: str, kind: str) -> str:
        """Return the id of the experiment of a tenant. Fails if there is none."""
        experiment = self._client.get_experiment_by_name(experiment_name(tenant, kind))
        if experiment is None or experiment.lifecycle_stage != "active":
            raise ExperimentNotFound(experiment_name(tenant, kind))
        return experiment.experiment_id

    @retrying()
    def live_run(self, tenant: str, kind: str, arm: str) -> t.Optional[Run]:
        """Return the newest run which is live on an arm."""
        runs = self._client.search_runs(
            experiment_ids=[self.get_or_create_experiment(tenant, kind)],
            filter_string=f"tags.`{TAG_STATE}` = 'live' AND tags.`{TAG_ARM}` = '{arm}'",
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        return runs[0] if runs else None

    @retrying()
    def run_by_request(self, experiment_id: str, request_id: str) -> Run:
        """Return the run of a training request."""
        runs = self._client.search_runs([experiment_id], f"tags.`{TAG_REQUEST}` = '{request_id}'", max_results=1)
        if not runs:
            raise RunNotFound(request_id)
        return runs[0]

    @retrying()
    def best_run(self, tenant: str, kind: str) -> t.Optional[Run]:
        """Return the finished run with the highest AUC."""
        runs = self._client.search_runs(
            experiment_ids=[self.get_or_create_experiment(tenant, kind)],
            filter_string="attributes.status = 'FINISHED' AND metrics.auc > 0",
            order_by=["metrics.auc DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def iter_runs(self, experiment_id: str, filter_string: str = "") -> t.Iterator[Run]:
        """Iterate over all runs."""
        token: t.Optional[str] = None
        while True:
            page = self._client.search_runs([experiment_id], filter_string, max_results=250, page_token=token)
            yield from page
            token = page.token
            if not token:
                return

    def transition(self, run_id: str, state: str, arm: t.Optional[str], release: str) -> None:
        """Set the state tags of a run."""
        self._client.set_tag(run_id, TAG_STATE, state)
        self._client.set_tag(run_id, TAG_ARM, arm or "")
        self._client.set_tag(run_id, TAG_RELEASE, release)

    def traffic_split(self, run: Run) -> t.Dict[str, float]:
        """Parse the split tag: ``a=0.9;b=0.1``."""
        raw = run.data.tags.get("ad.split", "")
        split = {}
        for part in filter(None, raw.split(";")):
            arm, share = part.split("=")
            split[arm.strip()] = float(share)
        return split
