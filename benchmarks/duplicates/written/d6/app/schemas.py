from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class Document(BaseModel):
    id: str
    subject: str = ""
    body: str
    received: datetime | None = None


class Batch(BaseModel):
    documents: list[Document] = Field(min_length=1, max_length=256)


class Label(BaseModel):
    name: str
    probability: float


class Answer(BaseModel):
    id: str
    labels: list[Label]
    model_run: str


class Feedback(BaseModel):
    document_id: str
    predicted: str
    correct: str
    user: str


class RunInfo(BaseModel):
    run_id: str
    started: datetime
    dataset: str | None = None
    f1: float | None = None
