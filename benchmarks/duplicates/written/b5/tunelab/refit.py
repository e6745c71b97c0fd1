from __future__ import annotations

import argparse
import ast

import mlflow
from mlflow.tracking import MlflowClient
from sklearn.ensemble import HistGradientBoostingClassifier

from tunelab.objective import load
from tunelab.registry import T_STUDY, T_WINNER, StudyRegistry


def literal(text: str):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def open_refit(client: MlflowClient, experiment_id: str, study: str, winner_id: str) -> str:
    run = client.create_run(
        experiment_id, tags={T_STUDY: study, T_WINNER: winner_id}, run_name=f"refit-{study}"
    )
    return run.info.run_id


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("study")
    parser.add_argument("data")
    args = parser.parse_args()
    registry = StudyRegistry()
    winner = registry.winner(args.study)
    if winner is None:
        raise SystemExit("study has no finished trial")
    params = {k: literal(v) for k, v in winner.data.params.items()}
    X, y = load(args.data)
    run_id = open_refit(registry.client, winner.info.experiment_id, args.study, winner.info.run_id)
    model = HistGradientBoostingClassifier(**params).fit(X, y)
    with mlflow.start_run(run_id=run_id):
        mlflow.log_params(params)
        mlflow.sklearn.log_model(model, "model")


if __name__ == "__main__":
    main()
