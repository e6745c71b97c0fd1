from mlflow.tracking import MlflowClient

from gripper.tracking import experiment_id, find_trial, trial_key


def test_key_ignores_the_order():
    assert trial_key({"a": 1, "b": 2}) == trial_key({"b": 2, "a": 1})


def test_newest_run_of_a_trial_is_found(tmp_path):
    client = MlflowClient(f"sqlite:///{tmp_path}/t.db")
    exp = experiment_id("pick", client)
    client.create_run(exp, tags={"sweep.trial_key": "k"}, start_time=1)
    second = client.create_run(exp, tags={"sweep.trial_key": "k"}, start_time=2)
    assert find_trial(client, exp, "k") == second.info.run_id
