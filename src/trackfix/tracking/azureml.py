"""What Azure ML needs beside MLflow: a plug-in, tags of its own, and another address for a run."""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from urllib.parse import quote, urlsplit

from trackfix.tracking.errors import ConfigError
from trackfix.tracking.tag_keys import DEFAULT_TAG_KEYS, TagKeys


def is_azureml(tracking_uri: str) -> bool:
    """Whether this is the address of an Azure ML workspace.

    >>> from trackfix.tracking.azureml import is_azureml
    >>> is_azureml("azureml://westeurope.api.azureml.ms/mlflow/v1.0"), is_azureml("sqlite:///a.db")
    (True, False)
    """
    return urlsplit(str(tracking_uri)).scheme == "azureml"  # no text where a test has a mock


def require_plugin() -> None:
    """
    Raises:
        ConfigError: the plug-in that MLflow needs for ``azureml://`` isn't installed.

    >>> from trackfix.tracking.azureml import require_plugin
    >>> require_plugin()
    Traceback (most recent call last):
    trackfix.tracking.errors.ConfigError: an Azure ML tracking URI (azureml://…) needs ...
    """
    if not entry_points(group="mlflow.tracking_store", name="azureml"):
        raise ConfigError(
            "an Azure ML tracking URI (azureml://…) needs MLflow's plugin for Azure ML: "
            "pip install azureml-mlflow"
        )


def child_run_tags(tracking_uri: str, keys: TagKeys = DEFAULT_TAG_KEYS) -> dict[str, str]:
    """The tags by which Azure ML's pages show a run under its parent; none for other stores.

    >>> from trackfix.tracking.azureml import child_run_tags
    >>> child_run_tags("azureml://westeurope.api.azureml.ms/mlflow/v1.0")
    {'azureml.runType': 'trial', 'azureml.trial': 'true'}
    >>> child_run_tags("https://example.org")
    {}
    """
    if not is_azureml(tracking_uri):
        return {}
    return {keys.azureml_run_type: "trial", keys.azureml_trial: "true"}


def run_url(tracking_uri: str, run_id: str) -> str | None:
    """The page of a run; None for a URI that names no workspace.

    https://learn.microsoft.com/azure/machine-learning/how-to-use-mlflow-configure-tracking has the
    form of the URI; the page is the one that azure-ai-ml 1.x gives as a job's ``studio_url``.

    >>> from trackfix.tracking.azureml import run_url
    >>> run_url("azureml://westeurope.api.azureml.ms/mlflow/v1.0", "1a2b") is None
    True
    """
    found = re.search(
        r"^azureml://(?P<host>[^/]+)/.*/?subscriptions/(?P<subscription>[^/?]+)"
        r"/resourceGroups/(?P<group>[^/?]+)/.*workspaces/(?P<workspace>[^/?]+)",
        tracking_uri,
        re.IGNORECASE,
    )
    if found is None:
        return None
    studio = "https://ml.azure.com"
    for cloud, address in _OTHER_CLOUDS.items():
        if found["host"].endswith(cloud):
            studio = address
    workspace = (
        f"/subscriptions/{found['subscription']}/resourcegroups/{found['group']}"
        f"/workspaces/{found['workspace']}"
    )
    return f"{studio}/runs/{quote(run_id, safe='')}?wsid={workspace}"


_OTHER_CLOUDS = {".azure.us": "https://ml.azure.us", ".azure.cn": "https://ml.azure.cn"}
