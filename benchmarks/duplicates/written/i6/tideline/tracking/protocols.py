"""What the rest of the package may expect of tracking."""

from datetime import date
from typing import Mapping, Optional, Protocol

from mlflow.entities import Run


class RunReader(Protocol):
    def on_date(self, strategy: str, as_of: date) -> Optional[Run]: ...

    def newest(self, strategy: str) -> Optional[Run]: ...

    def best(self, strategy: str) -> Optional[Run]: ...


class RunWriter(Protocol):
    def record(self, tags: Mapping[str, str], params: Mapping[str, float], metrics: Mapping[str, float]) -> str: ...
