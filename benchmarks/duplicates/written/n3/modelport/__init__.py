"""Deploy models from the MLflow registry."""

from modelport.manifest import Manifest
from modelport.sdk import Deployer

__all__ = ["Deployer", "Manifest"]
__version__ = "1.4.0"
