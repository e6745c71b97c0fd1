from __future__ import annotations

from functools import lru_cache

from fastapi import Depends

from app.config import config
from app.ml.model import Classifier, Holder
from app.ml.registry import RunRegistry


@lru_cache
def registry() -> RunRegistry:
    return RunRegistry(config)


@lru_cache
def holder() -> Holder:
    return Holder(registry())


def classifier(h: Holder = Depends(holder)) -> Classifier:
    return h.get()
