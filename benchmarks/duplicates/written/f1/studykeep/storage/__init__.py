"""Where studies are kept."""

from studykeep.storage.base import Storage
from studykeep.storage.memory import MemoryStorage
from studykeep.storage.mlflow_storage import MlflowStorage

__all__ = ["MemoryStorage", "MlflowStorage", "Storage"]
