"""What services may ask of tracking."""
from __future__ import annotations

from typing import Protocol, Sequence, runtime_checkable

from mlflow.entities import Run

from ..settings import Mode


class RunNotFound(LookupError):
    """No run fulfils the conditions."""


@runtime_checkable
class RunRepository(Protocol):
    def approved(self, tenant: str, mode: Mode) -> Run: ...

    def best_by_prauc(self, tenant: str) -> Run | None: ...

    def by_ticket(self, ticket: str) -> Run | None: ...

    def recent(self, tenant: str, limit: int = 20) -> Sequence[Run]: ...


class AuditSink(Protocol):
    def emit(self, topic: str, payload: dict[str, str]) -> None: ...
