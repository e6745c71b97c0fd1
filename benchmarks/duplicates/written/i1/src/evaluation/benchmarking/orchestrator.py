"""Latency of checkpoints, one benchmark run for each."""

import logging
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

from mlflow.tracking import MlflowClient

from infrastructure.tracking.mlflow import tag_keys as tk
from infrastructure.tracking.mlflow.tags import sanitize

logger = logging.getLogger(__name__)


class BenchmarkOrchestrator:
    """Benchmarks the winners of several sweeps."""

    def __init__(self, client: MlflowClient, hpo_experiment: str, experiment_id: str) -> None:
        self._client = client
        self._hpo = hpo_experiment
        self._experiment_id = experiment_id

    def _source_run(self, champion: Dict[str, Any]) -> Optional[str]:
        study, trial = champion["study_key_hash"], champion["trial_key_hash"]
        parts = ["attributes.status = 'FINISHED'"]
        for key, wanted in ((tk.STUDY_KEY_HASH, study), (tk.TRIAL_KEY_HASH, trial)):
            parts.append(f"tags.{key} = '{wanted}'")
        found = self._client.search_runs([self._hpo], " and ".join(parts), max_results=100)
        if found:
            found = sorted(found, key=lambda r: r.info.start_time, reverse=True)
            return found[0].info.run_id
        return None

    def _checkpoint_run(self, refit_hash: str) -> Optional[str]:
        """A finished refit run, else any."""
        query = f"tags.`{tk.REFIT_PROTOCOL}` = '{refit_hash}'"
        runs = self._client.search_runs([self._hpo], query, order_by=["attributes.start_time DESC"])
        for run in runs:
            if run.info.status == "FINISHED":
                return run.info.run_id
        return runs[0].info.run_id if runs else None

    def benchmark(self, champions: List[Dict[str, Any]], texts: List[str]) -> List[Dict[str, Any]]:
        rows = []
        for champion in champions:
            source = self._source_run(champion)
            if source is None:
                logger.warning("No run for %s", champion["backbone"])
                continue
            refit = self._checkpoint_run(champion["refit_hash"])
            tags: Dict[str, str] = {}
            tags[tk.LINEAGE_SOURCE] = "hpo_best_selected"
            tags[tk.LINEAGE_STUDY] = sanitize(champion["study_key_hash"])
            tags[tk.LINEAGE_TRIAL] = sanitize(champion["trial_key_hash"])
            tags[tk.LINEAGE_PARENT] = refit or source
            tags[tk.PROCESS_TYPE] = "benchmarking"
            run = self._client.create_run(self._experiment_id, tags=tags)
            times = self._measure(Path(champion["checkpoint"]), texts)
            for name, value in times.items():
                self._client.log_metric(run.info.run_id, name, value)
            self._client.set_terminated(run.info.run_id)
            rows.append({"backbone": champion["backbone"], "run_id": run.info.run_id, **times})
        return rows

    def _measure(self, checkpoint: Path, texts: List[str]) -> Dict[str, float]:
        from transformers import pipeline

        tagger = pipeline("token-classification", model=str(checkpoint))
        tagger(texts[0])
        taken = []
        for text in texts:
            begun = time.perf_counter()
            tagger(text)
            taken.append(time.perf_counter() - begun)
        taken.sort()
        return {"p50_ms": taken[len(taken) // 2] * 1000, "p95_ms": taken[int(len(taken) * 0.95)] * 1000}
