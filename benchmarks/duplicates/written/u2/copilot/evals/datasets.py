"""Evaluation data sets. A data set is a JSONL file; its identity goes to run tags."""
from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import aiofiles
import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run
from pydantic import BaseModel, ConfigDict


class Example(BaseModel):
    model_config = ConfigDict(frozen=True)

    question: str
    context: list[str] = []
    reference: str | None = None


class Dataset(BaseModel):
    name: str
    examples: list[Example]

    @property
    def digest(self) -> str:
        h = hashlib.sha1()
        for ex in self.examples:
            h.update(ex.model_dump_json().encode())
        return h.hexdigest()[:10]

    def tags(self) -> dict[str, str]:
        return {
            "dataset.name": self.name,
            "dataset.digest": self.digest,
            "dataset.size": str(len(self.examples)),
        }


async def read_jsonl(path: Path) -> AsyncIterator[Example]:
    async with aiofiles.open(path) as fh:
        async for line in fh:
            if line.strip():
                yield Example.model_validate_json(line)


async def load_dataset(path: Path) -> Dataset:
    return Dataset(name=path.stem, examples=[ex async for ex in read_jsonl(path)])


def dataset_of(run: Run) -> tuple[str, str, int]:
    """(name, digest, size) a run was evaluated on."""
    tags = run.data.tags
    try:
        return tags["dataset.name"], tags["dataset.digest"], int(tags["dataset.size"])
    except KeyError as exc:
        raise ValueError(f"run {run.info.run_id} has no data set") from exc


def runs_on(client: MlflowClient, experiment_id: str, digest: str) -> list[Run]:
    return list(client.search_runs([experiment_id], f"tags.`dataset.digest` = '{digest}'", max_results=500))


def dump(examples: Iterable[Example], path: Path) -> None:
    with path.open("w") as fh:
        for ex in examples:
            fh.write(json.dumps(ex.model_dump()) + "\n")
