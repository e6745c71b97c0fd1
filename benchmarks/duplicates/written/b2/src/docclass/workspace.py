import os
from functools import cache

from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential


@cache
def ml_client() -> MLClient:
    return MLClient(
        DefaultAzureCredential(),
        os.environ["AZURE_SUBSCRIPTION"],
        os.environ["AZURE_RESOURCE_GROUP"],
        os.environ["AZURE_WORKSPACE"],
    )


def tracking_uri() -> str:
    client = ml_client()
    return client.workspaces.get(client.workspace_name).mlflow_tracking_uri


def job_status(name: str) -> str:
    return ml_client().jobs.get(name).status


def wait_for(name: str) -> str:
    ml_client().jobs.stream(name)
    return job_status(name)
