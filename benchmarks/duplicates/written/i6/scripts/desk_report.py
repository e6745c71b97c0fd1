"""A page for the desk, with the last and the best run of each strategy."""

import sys
from pathlib import Path

from mlflow.tracking import MlflowClient

from tideline.legacy import mlflow_funcs
from tideline.strategies import STRATEGIES


def line(client: MlflowClient, run_id: str) -> str:
    run = client.get_run(run_id)
    day = mlflow_funcs.run_date(run)
    metrics = ", ".join(f"{k} {v:.2f}" for k, v in sorted(run.data.metrics.items()))
    universe = run.data.tags.get("tl.universe", "?")
    return f"{day} ({universe}): {metrics}"


def main(target: Path) -> None:
    client = MlflowClient()
    parts = ["# Strategies"]
    for name in sorted(STRATEGIES):
        parts.append(f"## {name}")
        last = mlflow_funcs.last_run("tideline", name)
        best = mlflow_funcs.best_sharpe("tideline", name)
        if last:
            parts.append("Last: " + line(client, last))
        if best:
            parts.append("Best: " + line(client, best))
    target.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("desk.md"))
