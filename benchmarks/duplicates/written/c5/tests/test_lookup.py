import mlflow
import pytest
from mlflow.tracking import MlflowClient

from mlutils import RunLookup, component_run


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    uri = f"sqlite:///{tmp_path}/t.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    mlflow.set_tracking_uri(uri)


def test_newest_is_found():
    with component_run("ranker", "a"):
        pass
    with component_run("ranker", "b"):
        pass
    client = MlflowClient()
    exp = client.get_experiment_by_name("search/ranker")
    expected = client.search_runs([exp.experiment_id], order_by=["attributes.start_time DESC"], max_results=1)[0]
    assert RunLookup("ranker").find().info.run_id == expected.info.run_id


def test_nothing_is_an_error():
    with pytest.raises(LookupError):
        RunLookup("ranker").find()
