"""Runs of tenants. The one place for it (we hope)."""
import logging
import re
from typing import Dict, Optional

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from pricewell.config import config

logger = logging.getLogger(__name__)
JOB_KEY = "pw.job_key"


def client() -> MlflowClient:
    return MlflowClient(tracking_uri=config.tracking_uri)


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-")


def experiment_name(tenant: str) -> str:
    return f"pw/{config.env}/{slug(tenant)}"


def clean_tags(raw: Dict[str, object]) -> Dict[str, str]:
    return {f"pw.{slug(k)}": str(v)[:250] for k, v in raw.items() if v is not None}


def tenant_experiment(tenant: str) -> str:
    c = client()
    name = experiment_name(tenant)
    exp = c.get_experiment_by_name(name)
    if exp is None:
        return c.create_experiment(name, tags={"tenant": tenant})
    if exp.lifecycle_stage == "deleted":
        logger.warning("restoring %s", name)
        c.restore_experiment(exp.experiment_id)
    return exp.experiment_id


def run_for_job(tenant: str, job_key: str, tags: Optional[Dict[str, str]] = None) -> Run:
    """The run of this job, made at the first call."""
    c = client()
    exp_id = tenant_experiment(tenant)
    found = c.search_runs([exp_id], filter_string=f"tags.`{JOB_KEY}` = '{job_key}'", max_results=1)
    if found:
        return found[0]
    return c.create_run(exp_id, tags={**(tags or {}), JOB_KEY: job_key})


def run_url(run: Run) -> str:
    return f"#/experiments/{run.info.experiment_id}/runs/{run.info.run_id}"


def use_default_tracking() -> None:
    mlflow.set_tracking_uri(config.tracking_uri)
