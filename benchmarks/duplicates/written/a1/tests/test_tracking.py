from mlflow.tracking import MlflowClient

from aerocv import tracking


def test_latest_run_is_newest(tmp_path):
    client = MlflowClient(f"sqlite:///{tmp_path}/m.db")
    experiment_id = tracking.ensure_experiment(client, "x")
    for _ in range(2):
        run = client.create_run(experiment_id)
        client.set_terminated(run.info.run_id)
    experiment = client.get_experiment_by_name("x")
    runs = client.search_runs([experiment.experiment_id], order_by=["attributes.start_time DESC"])
    assert tracking.find_latest_run(client, "x").info.run_id == runs[0].info.run_id


def test_missing_experiment_gives_none(tmp_path):
    client = MlflowClient(f"sqlite:///{tmp_path}/m.db")
    assert tracking.find_latest_run(client, "absent") is None
