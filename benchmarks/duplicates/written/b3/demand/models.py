import mlflow
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor

FEATURES = ["units_lag7", "units_lag14", "units_lag28", "units_mean28", "price_index", "promo", "is_holiday"]


def mape(actual, forecast):
    actual, forecast = np.asarray(actual, float), np.asarray(forecast, float)
    mask = actual != 0
    return float(np.mean(np.abs((actual[mask] - forecast[mask]) / actual[mask])))


def fit_partition(frame: pd.DataFrame, horizon=28):
    frame = frame.sort_values("day").dropna(subset=["units"])
    cut = frame["day"].max() - pd.Timedelta(days=horizon)
    train, valid = frame[frame["day"] <= cut], frame[frame["day"] > cut]
    model = HistGradientBoostingRegressor(loss="poisson", max_iter=300, learning_rate=0.06)
    model.fit(train[FEATURES], train["units"])
    return model, mape(valid["units"], model.predict(valid[FEATURES]))


def exploratory(frame):
    mlflow.sklearn.autolog(log_models=False)
    with mlflow.start_run():
        HistGradientBoostingRegressor().fit(frame[FEATURES], frame["units"])
