"""The trackers of the stages: each in its own experiment, none changes the process's store."""

import mlflow
import pytest

from trackfix.tracking import (
    MLflowBenchmarkTracker,
    MLflowConversionTracker,
    MLflowSweepTracker,
    MLflowTrainingTracker,
    RunStateError,
    create_mlflow_client,
    setup_mlflow,
)

pytestmark = pytest.mark.usefixtures("no_leaked_runs")

STARTS = {
    "training": (MLflowTrainingTracker, "start_training_run"),
    "hpo": (MLflowSweepTracker, "start_sweep_run"),
    "benchmark": (MLflowBenchmarkTracker, "start_benchmark_run"),
    "conversion": (MLflowConversionTracker, "start_conversion_run"),
}


@pytest.fixture
def client(store):
    return create_mlflow_client()


def experiment_of(client, tracker):
    run = client.get_run(tracker.run_id)
    return client.get_experiment(run.info.experiment_id).name


@pytest.mark.regression("a second tracker logged into the first one's experiment")
def test_trackers_side_by_side_keep_to_their_own_experiments(client, store):
    setup_mlflow("of-the-process", tracking_uri=store)
    trackers = [kind(f"churn-{stage}", nested=True) for stage, (kind, _) in STARTS.items()]
    for tracker in trackers:
        tracker.start_run()
    for tracker in reversed(trackers):
        tracker.log_metric("loss", 0.5)
        tracker.end_run()
    assert [experiment_of(client, tracker) for tracker in trackers] == [
        f"churn-{s}" for s in STARTS
    ]


@pytest.mark.regression("a second tracker logged into the first one's experiment")
def test_trackers_one_after_the_other_keep_to_their_own_experiments(client):
    for stage, (kind, start) in STARTS.items():
        with getattr(kind(f"churn-{stage}"), start)("fit") as tracker:
            pass
        assert experiment_of(client, tracker) == f"churn-{stage}"


@pytest.mark.regression("an exception in the body recorded FINISHED")
@pytest.mark.parametrize("stage", STARTS)
def test_each_starts_a_run_with_name_params_and_stage_and_ends_it(client, store, stage):
    kind, start = STARTS[stage]
    tracker = kind(f"churn-{stage}", tags={"team": "search"})
    with pytest.raises(ValueError):
        with getattr(tracker, start)("fit", {"model": {"depth": 3}}, tags={"n": 1}):
            raise ValueError
    run = client.get_run(tracker.run_id)
    assert (run.info.run_name, run.info.status) == ("fit", "FAILED")
    assert run.data.params == {"model.depth": "3"}
    tags = {key: run.data.tags[key] for key in ("code.stage", "team", "n")}
    assert tags == {"code.stage": stage, "team": "search", "n": "1"}
    assert mlflow.get_tracking_uri() == store


def test_another_store_stays_the_trackers_own(client, store, other_store):
    with MLflowTrainingTracker("churn", tracking_uri=other_store) as tracker:
        tracker.log_epoch(1, {"loss": 0.5})
    assert mlflow.get_tracking_uri() == store
    assert client.get_experiment_by_name("churn") is None
    run_id = tracker.run_id
    assert run_id is not None
    [point] = create_mlflow_client(other_store).get_metric_history(run_id, "loss")
    assert (point.value, point.step) == (0.5, 1)


def test_trials_are_children_of_the_sweep_in_its_experiment(client):
    with MLflowSweepTracker("churn-hpo", buffer_seconds=60).start_sweep_run("grid") as sweep:
        trials = []
        for number in range(3):
            with sweep.start_trial(number, {"rate": number / 10}) as trial:
                trial.log_metric("loss", number)
            trials.append(client.get_run(trial.run_id))
        with pytest.raises(ValueError):
            with sweep.start_trial(3) as failed:
                raise ValueError
        active = mlflow.active_run()
        assert active is not None and active.info.run_id == sweep.run_id
    for number, run in enumerate(trials):
        assert run.data.tags["mlflow.parentRunId"] == sweep.run_id
        assert run.data.tags["code.trial_number"] == str(number)
        assert (run.info.run_name, run.info.status) == (f"trial_{number}", "FINISHED")
        assert run.data.metrics == {"loss": number}
        assert run.info.experiment_id == client.get_run(sweep.run_id).info.experiment_id
    assert client.get_run(failed.run_id).info.status == "FAILED"
    assert client.get_run(sweep.run_id).info.status == "FINISHED"


def test_a_trial_without_a_sweep_is_an_error(store):
    with pytest.raises(RunStateError, match="starting trial 0"):
        MLflowSweepTracker("churn-hpo").start_trial(0)


def test_results_of_a_benchmark_have_the_batch_size_in_their_name(client):
    with MLflowBenchmarkTracker("churn-benchmark") as tracker:
        tracker.log_results({1: {"ms": 4.5, "mb": 10}, 8: {"ms": 11}})
    metrics = client.get_run(tracker.run_id).data.metrics
    assert metrics == {"batch_1.ms": 4.5, "batch_1.mb": 10, "batch_8.ms": 11}


@pytest.mark.parametrize("before, ratio", [(100, {"size_ratio": 0.25}), (0, {})])
def test_a_conversion_logs_sizes_and_the_file(client, tmp_path, before, ratio):
    source, target = tmp_path / "model.pt", tmp_path / "model.onnx"
    source.write_bytes(b"x" * before)
    target.write_bytes(b"x" * 25)
    with MLflowConversionTracker("churn-conversion") as tracker:
        tracker.log_conversion(source, target)
    metrics = client.get_run(tracker.run_id).data.metrics
    assert metrics == {"source_bytes": before, "target_bytes": 25, **ratio}
    assert [file.path for file in client.list_artifacts(tracker.run_id)] == ["model.onnx"]
