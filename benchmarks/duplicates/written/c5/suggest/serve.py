"""HTTP endpoint."""

from __future__ import annotations

import pickle

import mlflow
from fastapi import FastAPI

from mlutils import RunLookup

app = FastAPI()
_tries: dict[str, object] = {}


def load(locale: str):
    if locale not in _tries:
        run = RunLookup("suggest").find(locale=locale)
        path = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="trie.pkl")
        with open(path, "rb") as source:
            _tries[locale] = pickle.load(source)
    return _tries[locale]


@app.get("/suggest/{locale}")
def suggest(locale: str, q: str) -> list[str]:
    return load(locale).complete(q.lower())
