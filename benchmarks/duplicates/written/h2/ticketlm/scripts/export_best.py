"""Write the best model of a task to a folder for the service."""
from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import mlflow
from mlflow.artifacts import download_artifacts


def pick(task: str) -> dict:
    runs = mlflow.search_runs(experiment_names=["ticketlm/" + task], filter_string="attributes.status = 'FINISHED'")
    if runs.empty:
        sys.exit(f"nothing to export for {task}")
    winner = runs.loc[runs["metrics.eval_macro_f1"].idxmax()]
    return winner.to_dict()


def export(task: str, target: Path) -> None:
    winner = pick(task)
    local = download_artifacts(run_id=winner["run_id"], artifact_path="model")
    shutil.copytree(local, target, dirs_exist_ok=True)
    card = {
        "run": winner["run_id"],
        "commit": winner.get("tags.ticketlm.commit"),
        "data": winner.get("tags.ticketlm.data_hash"),
    }
    (target / "card.json").write_text(json.dumps(card, indent=2))


if __name__ == "__main__":
    export(sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else "export"))
