"""What a logger can do, and one for plain files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, Dict


class Logger:
    def start(self, config: Dict[str, Any]) -> None: ...

    def metrics(self, values: Dict[str, float], step: int) -> None: ...

    def finish(self, ok: bool = True) -> None: ...


class CsvLogger(Logger):
    def __init__(self, path: Path) -> None:
        self.path = path

    def start(self, config: Dict[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = self.path.open("w", newline="")
        self._writer = csv.writer(self._stream)

    def metrics(self, values: Dict[str, float], step: int) -> None:
        for key, value in values.items():
            self._writer.writerow([step, key, value])

    def finish(self, ok: bool = True) -> None:
        self._stream.close()
