"""AutoML for tables."""

from autocolumn.task import Tabular

__all__ = ["Tabular"]
__version__ = "2.3.0"
