import mlflow
import numpy as np
import pandas as pd

import settings
from tasks import features
from tasks.train import _fit, mape


def fake(days=60, seed=0):
    rng = np.random.default_rng(seed)
    idx = pd.date_range("2024-01-01", periods=days * 24, freq="h")
    df = pd.DataFrame(index=idx)
    df["temperature"] = 10 + 8 * np.sin(np.arange(len(idx)) / 24) + rng.normal(0, 1, len(idx))
    df["wind"] = rng.gamma(2, 3, len(idx))
    df["irradiance"] = np.clip(np.sin(2 * np.pi * (idx.hour - 6) / 24), 0, None) * 700
    df["mw"] = 900 + 12 * np.abs(df["temperature"] - 18) + rng.normal(0, 15, len(idx))
    return df


if __name__ == "__main__":
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    mlflow.set_experiment("smoke")
    with mlflow.start_run(run_name="smoke"):
        x, y = features.matrix(fake())
        model = _fit(x[:-200], y[:-200], {"max_iter": 50})
        score = mape(y[-200:], model.predict(x[-200:]))
        mlflow.log_metric("mape", score)
        print(score)
