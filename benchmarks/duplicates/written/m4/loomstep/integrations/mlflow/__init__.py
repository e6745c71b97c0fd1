"""The MLflow plug-in."""

from loomstep.integrations.mlflow.plugin import MLflowPlugin
from loomstep.integrations.mlflow.settings import MLflowSettings


def plugin(**kwargs):
    return MLflowPlugin(MLflowSettings(**kwargs))


__all__ = ["MLflowPlugin", "MLflowSettings", "plugin"]
