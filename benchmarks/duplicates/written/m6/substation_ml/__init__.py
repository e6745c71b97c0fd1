"""SDK of the ML platform."""

from substation_ml.client import PlatformClient
from substation_ml.config import Settings

__version__ = "3.7.1"
__all__ = ["PlatformClient", "Settings", "__version__"]
