"""Does a new prompt make things worse than the last one?"""

from __future__ import annotations

from dataclasses import dataclass

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient


@dataclass
class Delta:
    before: float
    after: float
    low: float
    high: float

    @property
    def worse(self) -> bool:
        return self.high < 0


def bootstrap(a: np.ndarray, b: np.ndarray, rounds: int = 2000, seed: int = 3) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    deltas = []
    for _ in range(rounds):
        deltas.append(rng.choice(b, len(b)).mean() - rng.choice(a, len(a)).mean())
    low, high = np.quantile(deltas, [0.025, 0.975])
    return float(low), float(high)


def _scores(run_id: str) -> np.ndarray:
    table = mlflow.artifacts.load_dict(f"runs:/{run_id}/scores.json")
    return np.asarray(table["score"], dtype=float)


def last_run_for(prompt_sha: str, experiment_name: str) -> str | None:
    frame = mlflow.search_runs(
        experiment_names=[experiment_name],
        filter_string="tags.`eval.prompt_sha` = '%s'" % prompt_sha,
        order_by=["start_time DESC"],
    )
    if frame.empty:
        return None
    return str(frame.iloc[0].run_id)


def compare(old_sha: str, new_sha: str, experiment: str) -> Delta:
    old, new = last_run_for(old_sha, experiment), last_run_for(new_sha, experiment)
    if old is None or new is None:
        raise LookupError("both prompts need a run")
    client = MlflowClient()
    judges = {client.get_run(r).data.tags.get("eval.judge", "gpt-4") for r in (old, new)}
    if len(judges) > 1:
        raise ValueError(f"judged by different models: {sorted(judges)}")
    a, b = _scores(old), _scores(new)
    low, high = bootstrap(a, b)
    return Delta(float(a.mean()), float(b.mean()), low, high)
