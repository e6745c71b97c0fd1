"""Datasets that are kept in MLflow."""

from flowtrack.datasets.artifact import RunArtifactDataset
from flowtrack.datasets.metrics import RunMetricsDataset

__all__ = ["RunArtifactDataset", "RunMetricsDataset"]
