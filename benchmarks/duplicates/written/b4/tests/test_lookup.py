import pytest
from mlflow.tracking import MlflowClient

from segstream.tracking import lookup


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    api = MlflowClient(f"sqlite:///{tmp_path}/m.db")
    monkeypatch.setattr(lookup, "client", lambda: api)
    return api


def test_newest_of_two(store):
    experiment = lookup.experiment_id()
    for _ in range(2):
        store.create_run(experiment, tags={"seg.fingerprint": "f"})
    newest = store.search_runs(
        [experiment], "tags.`seg.fingerprint` = 'f'", order_by=["attributes.start_time DESC"], max_results=1
    )[0]
    assert lookup.run_by_fingerprint("f").info.run_id == newest.info.run_id


def test_require_raises():
    with pytest.raises(LookupError):
        lookup.require("absent")
