import mlflow
import pytest


@pytest.fixture
def almacen(tmp_path):
    old = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"file:{tmp_path}/mlruns")
    yield tmp_path
    mlflow.set_tracking_uri(old)
