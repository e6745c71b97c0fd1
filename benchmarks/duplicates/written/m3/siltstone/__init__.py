"""Versions of data."""

from siltstone.dataset import Dataset, DatasetVersion

__version__ = "2.1.4"
__all__ = ["Dataset", "DatasetVersion", "__version__"]
