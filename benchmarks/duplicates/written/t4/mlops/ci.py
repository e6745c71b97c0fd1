"""Things which know about GitLab pipelines."""
from __future__ import annotations

import logging
import os
from typing import Any

import gitlab
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from mlops.settings import TAG_PIPELINE

logger = logging.getLogger(__name__)


class PipelineError(RuntimeError):
    pass


def run_for_pipeline(client: MlflowClient, experiment_id: str, pipeline_id: str) -> Run:
    """The last run which a pipeline has written."""
    found = client.search_runs(
        [experiment_id],
        filter_string=f"tags.`{TAG_PIPELINE}` = '{pipeline_id}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not found:
        raise PipelineError(f"pipeline {pipeline_id} has no run")
    return found[0]


def project() -> Any:
    gl = gitlab.Gitlab(os.environ["CI_SERVER_URL"], job_token=os.environ["CI_JOB_TOKEN"])
    return gl.projects.get(os.environ["CI_PROJECT_ID"])


def comment_on_mr(text: str) -> None:
    iid = os.environ.get("CI_MERGE_REQUEST_IID")
    if not iid:
        logger.info("no merge request, comment dropped: %s", text)
        return
    project().mergerequests.get(iid).notes.create({"body": text})


def ci_tags() -> dict[str, str]:
    """Tags of the job itself; not the audit ones."""
    env = os.environ
    return {
        TAG_PIPELINE: env.get("CI_PIPELINE_ID", ""),
        "ci.job_id": env.get("CI_JOB_ID", ""),
        "ci.commit": env.get("CI_COMMIT_SHA", ""),
        "ci.branch": env.get("CI_COMMIT_REF_NAME", ""),
    }


def dotenv(path: str, **values: str) -> None:
    with open(path, "a", encoding="utf-8") as fh:
        for key, value in values.items():
            fh.write(f"{key}={value}\n")
