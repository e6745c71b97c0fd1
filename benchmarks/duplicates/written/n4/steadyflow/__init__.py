"""Runtime of the SteadyFlow template."""

from steadyflow.context import Context
from steadyflow.pipeline import Node, Pipeline, node

__all__ = ["Context", "Node", "Pipeline", "node"]
__version__ = "0.14.1"
