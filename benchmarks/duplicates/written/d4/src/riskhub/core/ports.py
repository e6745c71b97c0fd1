from __future__ import annotations

from typing import Protocol

import pandas as pd
from mlflow.entities import Run

from riskhub.core.model import Portfolio, RunTags


class RunStore(Protocol):
    def experiment(self, portfolio: Portfolio) -> str: ...

    def champion(self, portfolio: Portfolio) -> Run | None: ...

    def open(self, tags: RunTags, name: str) -> str: ...

    def close(self, run_id: str, ok: bool) -> None: ...


class Warehouse(Protocol):
    def applications(self, portfolio: Portfolio, as_of: str) -> pd.DataFrame: ...
