from mlflow.tracking import MlflowClient

from shipyard.releases import Releases


def test_by_id(tmp_path):
    client = MlflowClient(f"sqlite:///{tmp_path}/m.db")
    releases = Releases(client, "core")
    audit_id = releases.open_audit("r1", "abc-1")
    runs = client.search_runs([releases.audit_experiment()], "tags.`release.id` = 'r1'", max_results=1)
    assert runs[0].info.run_id == audit_id
    assert releases.by_id("r1").info.run_id == audit_id


def test_unknown_release(tmp_path):
    client = MlflowClient(f"sqlite:///{tmp_path}/m.db")
    assert Releases(client, "core").by_id("r9") is None
