"""Set up of MLflow tracing; call once per process."""
from __future__ import annotations

import logging
import random
from functools import wraps
from typing import Any, Awaitable, Callable, ParamSpec, TypeVar

import mlflow
from mlflow.entities import SpanType

from copilot.settings import Settings, get_settings

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

_ready = False


def init_tracing(settings: Settings | None = None) -> None:
    global _ready
    if _ready:
        return
    settings = settings or get_settings()
    mlflow.set_tracking_uri(settings.tracking_uri)
    mlflow.set_experiment(settings.experiment_name)
    mlflow.openai.autolog(log_traces=True)
    _ready = True
    logger.info("tracing to %s", settings.experiment_name)


def traced(name: str, span_type: str = SpanType.CHAIN) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    def deco(fn: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        @wraps(fn)
        async def inner(*args: P.args, **kwargs: P.kwargs) -> R:
            if random.random() > get_settings().trace_sample_rate:
                return await fn(*args, **kwargs)
            with mlflow.start_span(name=name, span_type=span_type) as span:
                span.set_inputs({"kwargs": {k: str(v)[:500] for k, v in kwargs.items()}})
                result = await fn(*args, **kwargs)
                span.set_outputs(str(result)[:2000])
                return result

        return inner

    return deco


def tag_trace(**tags: Any) -> None:
    mlflow.update_current_trace(tags={k: str(v) for k, v in tags.items()})
