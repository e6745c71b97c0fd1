import os
from datetime import timedelta

TRACKING_URI = os.getenv("MLFLOW_TRACKING_URI", "http://mlflow.grid.internal")
WAREHOUSE_DSN = os.getenv("WAREHOUSE_DSN", "postgresql://loader@dwh/grid")
ARTIFACT_BUCKET = os.getenv("ARTIFACT_BUCKET", "s3://grid-forecast")
REGIONS = ["north", "south", "coast", "islands"]
TRAIN_WINDOW = timedelta(days=400)
FORECAST_HOURS = 48


def experiment_name(region: str) -> str:
    return f"load-forecast/{region}"
