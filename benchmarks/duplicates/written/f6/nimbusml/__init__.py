"""The Python SDK of the Nimbus machine learning service."""

from nimbusml.workspace import Workspace

__version__ = "5.3.1"
__all__ = ["Workspace"]
