"""Plug-ins by name."""
from __future__ import annotations

from typing import Callable, Dict, Type, TypeVar

T = TypeVar("T")


class Registry:
    def __init__(self, what: str) -> None:
        self.what = what
        self._known: Dict[str, type] = {}

    def register(self, name: str) -> Callable[[Type[T]], Type[T]]:
        def keep(cls: Type[T]) -> Type[T]:
            if name in self._known:
                raise ValueError(f"{self.what} {name} is there already")
            self._known[name] = cls
            return cls

        return keep

    def make(self, name: str, **kwargs):
        try:
            return self._known[name](**kwargs)
        except KeyError:
            raise LookupError(f"no {self.what} named {name}; there are {sorted(self._known)}") from None


sources = Registry("source")
rankers = Registry("ranker")
trackers = Registry("tracker")
