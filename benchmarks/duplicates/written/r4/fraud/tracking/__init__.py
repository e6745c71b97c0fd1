from .audit import AuditTags
from .experiments import ExperimentResolver
from .protocols import RunRepository
from .repository import MlflowRunRepository

__all__ = ["AuditTags", "ExperimentResolver", "MlflowRunRepository", "RunRepository"]
