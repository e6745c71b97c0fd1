"""HTTP service for predictions."""

from __future__ import annotations

import json
import time
from collections import deque
from typing import Any

import mlflow
import pandas as pd
from fastapi import FastAPI, HTTPException

from lookout.settings import Settings


class Served:
    """A loaded model and what is known of it."""

    def __init__(self, model: Any, run_id: str, owner: str, threshold: float, features: list[str]) -> None:
        self.model = model
        self.run_id = run_id
        self.owner = owner
        self.threshold = threshold
        self.features = features
        self.latencies: deque[float] = deque(maxlen=1000)


def load(name: str, settings: Settings) -> Served:
    """Find the run of a model and load it."""
    if settings.tracking_uri:
        mlflow.set_tracking_uri(settings.tracking_uri)
    run = None
    attempts = [
        f"tags.`lookout.serves` = '{name}' AND status = 'FINISHED'",
        f"tags.`mlflow.runName` = '{name}' AND status = 'FINISHED'",
        "status = 'FINISHED'",
    ]
    for where in attempts:
        found = mlflow.search_runs(
            experiment_names=[settings.training],
            filter_string=where,
            order_by=["start_time DESC"],
            max_results=1,
            output_format="list",
        )
        if found:
            run = found[0]
            break
    if run is None:
        raise LookupError(name)
    owner = run.data.tags.get("lookout.owner") or "unknown"
    threshold = 0.5
    if "lookout.threshold" in run.data.tags:
        threshold = float(run.data.tags["lookout.threshold"])
    raw = run.data.tags.get("lookout.features")
    features = json.loads(raw) if raw else []
    model = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model")
    return Served(model, run.info.run_id, owner, threshold, features)


def create_app(names: list[str], settings: Settings | None = None) -> FastAPI:
    """The service for some models."""
    settings = settings or Settings.from_env()
    app = FastAPI(title="lookout")
    served = {name: load(name, settings) for name in names}

    @app.get("/health")
    def health() -> dict[str, Any]:
        return {name: s.run_id for name, s in served.items()}

    @app.post("/predict/{name}")
    def predict(name: str, rows: list[dict[str, float]]) -> dict[str, Any]:
        if name not in served:
            raise HTTPException(404, f"no model {name}")
        entry = served[name]
        frame = pd.DataFrame(rows)
        missing = [c for c in entry.features if c not in frame]
        if missing:
            raise HTTPException(422, f"missing: {', '.join(missing)}")
        started = time.perf_counter()
        values = entry.model.predict(frame[entry.features] if entry.features else frame)
        entry.latencies.append(time.perf_counter() - started)
        return {"run_id": entry.run_id, "labels": [bool(v >= entry.threshold) for v in values]}

    @app.post("/reload/{name}")
    def reload(name: str) -> dict[str, str]:
        try:
            served[name] = load(name, settings)
        except LookupError as error:
            raise HTTPException(404, str(error)) from error
        return {"run_id": served[name].run_id}

    @app.get("/latency/{name}")
    def latency(name: str) -> dict[str, float]:
        if name not in served:
            raise HTTPException(404, f"no model {name}")
        values = sorted(served[name].latencies)
        if not values:
            return {"p50": 0.0, "p95": 0.0}
        return {"p50": values[len(values) // 2], "p95": values[int(len(values) * 0.95)]}

    return app
