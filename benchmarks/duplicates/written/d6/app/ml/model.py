from __future__ import annotations

import threading

import joblib
import mlflow
import numpy as np

from app.ml.registry import RunRegistry, ServingSpec
from app.ml.text import join
from app.schemas import Answer, Document, Label


class Classifier:
    def __init__(self, spec: ServingSpec, pipeline):
        self.spec = spec
        self.pipeline = pipeline

    @classmethod
    def load(cls, spec: ServingSpec) -> Classifier:
        path = mlflow.artifacts.download_artifacts(run_id=spec.run_id, artifact_path="pipeline.joblib")
        return cls(spec, joblib.load(path))

    def predict(self, documents: list[Document]) -> list[Answer]:
        texts = [join(d.subject, d.body, self.spec.max_len) for d in documents]
        proba = np.asarray(self.pipeline.predict_proba(texts))
        return [self._answer(d, p) for d, p in zip(documents, proba)]

    def _answer(self, document: Document, p: np.ndarray) -> Answer:
        order = np.argsort(-p)
        chosen = [i for i in order if p[i] >= self.spec.threshold] or order[:1]
        labels = [Label(name=self.spec.labels[i], probability=float(p[i])) for i in chosen]
        return Answer(id=document.id, labels=labels, model_run=self.spec.run_id)


class Holder:
    """The classifier of the process; reloads when another run is the best."""

    def __init__(self, registry: RunRegistry):
        self._registry = registry
        self._lock = threading.Lock()
        self._current: Classifier | None = None

    def get(self) -> Classifier:
        with self._lock:
            if self._current is None:
                self._current = Classifier.load(self._registry.spec())
            return self._current

    def refresh(self) -> bool:
        spec = self._registry.spec()
        with self._lock:
            if self._current is not None and self._current.spec.run_id == spec.run_id:
                return False
            self._current = Classifier.load(spec)
            return True
