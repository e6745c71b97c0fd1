"""Release notes kept on the wiki."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Protocol


class Api(Protocol):
    def call(self, method: str, path: str, body: dict) -> dict: ...


@dataclasses.dataclass
class Note:
    text: str
    at: dt.datetime = dataclasses.field(default_factory=lambda: dt.datetime.now(dt.timezone.utc))

    def line(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.text}"


class Notebook:
    def __init__(self, api: Api, page: str):
        self.api, self.page = api, page
        self.notes: list[Note] = []

    def add(self, text: str) -> None:
        self.notes.append(Note(text))

    def flush(self) -> int:
        lines = [note.line() for note in self.notes]
        self.api.call("POST", f"pages/{self.page}", {"lines": lines})
        count, self.notes = len(self.notes), []
        return count
