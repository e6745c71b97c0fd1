"""Tags in the azureml namespace."""

import os
from typing import Dict, Optional

JOB_NAME = "azureml.job_name"
WORKSPACE = "azureml.workspace"
CLUSTER = "azureml.cluster"
STAGE = "azureml.stage"


def job_tags(job_name: str, stage: str, cluster: Optional[str] = None) -> Dict[str, str]:
    tags = {
        JOB_NAME: job_name,
        WORKSPACE: os.getenv("AZUREML_ARM_WORKSPACE_NAME", "local"),
        STAGE: stage,
    }
    cluster = cluster or os.getenv("AZUREML_COMPUTE")
    if cluster:
        tags[CLUSTER] = cluster
    return tags


def quote(value: str) -> str:
    return value.replace("'", "\\'")


def tag_filter(**tags: str) -> str:
    """A filter for azureml tags; underscores are kept."""
    return " and ".join(f"tags.`azureml.{k}` = '{quote(v)}'" for k, v in tags.items())
