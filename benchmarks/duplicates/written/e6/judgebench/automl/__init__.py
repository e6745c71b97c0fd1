"""Model search."""

from judgebench.automl.evolve import EvolutionSearch
from judgebench.automl.search import ModelSearch

__all__ = ["EvolutionSearch", "ModelSearch"]
