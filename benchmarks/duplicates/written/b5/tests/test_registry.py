import pytest
from mlflow.tracking import MlflowClient

from tunelab.registry import StudyRegistry


@pytest.fixture
def registry(tmp_path):
    return StudyRegistry(MlflowClient(f"sqlite:///{tmp_path}/m.db"))


def test_winner_has_lowest_loss(registry):
    experiment_id = registry.experiment_for("s")
    for loss in (0.3, 0.1, 0.2):
        run = registry.client.create_run(experiment_id, tags={"tune.study": "s"})
        registry.client.log_metric(run.info.run_id, "val_loss", loss)
        registry.client.set_terminated(run.info.run_id)
    runs = registry.client.search_runs([experiment_id], order_by=["metrics.val_loss ASC"], max_results=1)
    assert registry.winner("s").info.run_id == runs[0].info.run_id


def test_no_parent(registry):
    assert registry.parent("nothing") is None
