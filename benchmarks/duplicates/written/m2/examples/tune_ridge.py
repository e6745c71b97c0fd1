"""Tune a ridge regression made of numpy only."""

import numpy as np

from hillcrest import Float, Space, Study, Trial
from hillcrest.integration.mlflow import MLflowCallback


def make_data(n=300, d=12, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d))
    return x, x @ rng.normal(size=d) + rng.normal(0, 0.5, n)


def objective(trial: Trial) -> float:
    x, y = make_data()
    half = len(x) // 2
    a = x[:half].T @ x[:half] + trial.params["alpha"] * np.eye(x.shape[1])
    w = np.linalg.solve(a, x[:half].T @ y[:half])
    return float(np.mean((x[half:] @ w - y[half:]) ** 2))


def main():
    study = Study("ridge", Space(alpha=Float(1e-4, 10, log=True)))
    study.optimize(objective, 20, callbacks=[MLflowCallback(metric_name="value")])
    print(study.best_trial.params, study.best_trial.value)


if __name__ == "__main__":
    main()
