from __future__ import annotations

import logging

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run

from shipyard.config import Gate, ModelConfig

logger = logging.getLogger(__name__)


def failures(run: Run, gates: tuple[Gate, ...]) -> list[str]:
    out = []
    for gate in gates:
        value = run.data.metrics.get(gate.metric)
        if value is None:
            out.append(f"{gate.metric} is missing")
        elif value < gate.minimum:
            out.append(f"{gate.metric} {value:.4f} < {gate.minimum:.4f}")
    return out


def score(run: Run, gates: tuple[Gate, ...]) -> float:
    total = sum(gate.weight for gate in gates) or 1.0
    return sum(gate.weight * run.data.metrics.get(gate.metric, 0.0) for gate in gates) / total


def mark(client: MlflowClient, run: Run, config: ModelConfig) -> bool:
    problems = failures(run, config.gates)
    client.set_tag(run.info.run_id, "gate.model", config.name)
    client.set_tag(run.info.run_id, "gate.status", "failed" if problems else "passed")
    for problem in problems:
        logger.warning("%s: %s", config.name, problem)
    return not problems


def top_f1(experiment_name: str) -> str | None:
    frame = mlflow.search_runs(
        experiment_names=[experiment_name],
        filter_string="attributes.status = 'FINISHED'",
        order_by=["metrics.f1 DESC"],
        max_results=1,
    )
    return None if frame.empty else frame["run_id"].iloc[0]


def gate_tags(config: ModelConfig) -> dict[str, str]:
    return {
        "gate.model": config.name,
        "gate.count": str(len(config.gates)),
        "gate.metrics": ",".join(g.metric for g in config.gates),
    }
