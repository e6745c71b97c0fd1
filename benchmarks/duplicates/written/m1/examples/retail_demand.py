"""Fit two models on daily demand and keep the better one."""

import mlflow
import numpy as np
import pandas as pd

from seasonly import SeasonalNaive, SmoothLevel
from seasonly.flavors import mlflow_flavor
from seasonly.metrics import evaluate
from seasonly.tracking import get_or_create_experiment


def make_demand(days: int = 400, seed: int = 3) -> pd.Series:
    rng = np.random.default_rng(seed)
    index = pd.date_range("2023-01-01", periods=days, freq="D")
    season = 20 * np.sin(np.arange(days) * 2 * np.pi / 7)
    return pd.Series(100 + season + rng.normal(0, 5, days), index=index)


def main() -> None:
    y = make_demand()
    past, future = y.iloc[:-28], y.iloc[-28:]
    exp_id = get_or_create_experiment("forecast/demo")
    for model in (SeasonalNaive(7), SmoothLevel(0.2)):
        model.fit(past)
        with mlflow.start_run(experiment_id=exp_id, run_name=type(model).__name__):
            mlflow.set_tags({"owner": "docs", "purpose": "example", "data": "made-up"})
            mlflow.log_metrics(evaluate(future, model.predict(28), past))
            mlflow_flavor.log_model(model, "model")


if __name__ == "__main__":
    main()
