from .lineage import Lineage
from .runtree import RunTree

__all__ = ["Lineage", "RunTree"]
