"""Print what the registry and the evaluations hold."""

from __future__ import annotations

import json
import sys

from mlflow.tracking import MlflowClient


def labels_of(run) -> list[str]:
    raw = next((v for k, v in run.data.tags.items() if k == "prompt.labels"), None)
    if raw is None:
        return []
    return json.loads(raw)


def best_prompt(client: MlflowClient, experiment_id: str, judge: str) -> str | None:
    """The digest of the prompt that a judge likes most."""
    runs = client.search_runs(
        [experiment_id],
        f"tags.`eval.judge` = '{judge}'",
        order_by=["metrics.score_mean DESC"],
        max_results=1,
    )
    if not runs:
        return None
    parent = runs[0].data.tags["mlflow.parentRunId"]
    return client.get_run(parent).data.tags.get("eval.prompt_digest")


def main(name: str) -> None:
    client = MlflowClient()
    registry = client.get_experiment_by_name("prompt-registry")
    if registry is None:
        raise SystemExit("the registry is empty")
    for run in client.search_runs([registry.experiment_id], f"tags.`prompt.name` = '{name}'"):
        print(run.info.run_name, ", ".join(labels_of(run)) or "-")
    evaluations = client.get_experiment_by_name("prompt-evaluation")
    if evaluations is not None:
        print("best:", best_prompt(client, evaluations.experiment_id, "model"))


if __name__ == "__main__":
    main(sys.argv[1])
