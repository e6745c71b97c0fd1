import os
from typing import NamedTuple


class Config(NamedTuple):
    mlflow_uri: str
    train_experiment: str
    serve_experiment: str
    dataset: str
    env: str
    version: str
    redis_url: str


def load() -> Config:
    get = os.environ.get
    return Config(
        mlflow_uri=get("MLFLOW_TRACKING_URI", "http://mlflow:5000"),
        train_experiment=get("TRAIN_EXPERIMENT", "doctriage-train"),
        serve_experiment=get("SERVE_EXPERIMENT", "doctriage-serve"),
        dataset=get("DATASET", "inbox-2024"),
        env=get("APP_ENV", "local"),
        version=get("APP_VERSION", "0.0.0"),
        redis_url=get("REDIS_URL", "redis://redis:6379/0"),
    )


config = load()
