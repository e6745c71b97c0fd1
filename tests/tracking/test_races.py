"""Sixteen processes that do at once all that makes runs: nothing is lost, doubled or misplaced.

The race for the experiment alone is in test_experiments.py, that for the index in test_index.py.
"""

import collections

import pytest

from trackfix.tracking import RunIndex, create_mlflow_client
from trackfix.tracking.idempotency import IDEMPOTENCY_TAG

PROCESSES = 16
POINTS = 40
PARENT = "mlflow.parentRunId"

# Forks, so that mlflow is imported once; the children start when the pipe is closed.
RACE = f"""
import os, sys, traceback
import mlflow
from trackfix.tracking import (
    MLflowTracker, RunIndex, create_child_run, create_mlflow_client, create_run_safe, setup_mlflow
)

uri, name, index = sys.argv[1:]

def work(number):
    setup_mlflow(name, tracking_uri=uri)
    alone = create_run_safe(f"alone-{{number}}")
    create_mlflow_client().set_terminated(alone.info.run_id)
    RunIndex(index).add(f"key-{{number}}", alone.info.run_id, uri)
    with MLflowTracker(name, run_name=f"trial-{{number}}", buffer_seconds=600) as tracker:
        tracker.log_params({{"number": number}})
        for step in range({POINTS}):
            tracker.log_metric("loss", number, step)
        with create_child_run(f"fold-{{number}}"):
            mlflow.log_metric("f1", number)

read, write = os.pipe()
children = []
for number in range({PROCESSES}):
    child = os.fork()
    if child == 0:
        try:
            os.close(write)
            os.read(read, 1)
            work(number)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    children.append(child)
os.close(write)
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""


@pytest.mark.parametrize("kind", ["store", "postgres_store"])
def test_all_runs_of_sixteen_processes_are_there_once_in_one_experiment(
    kind, request, tmp_path, python
):
    uri, index = request.getfixturevalue(kind), tmp_path / "index.sqlite"
    python.run(RACE, uri, "race", index)

    client = create_mlflow_client()
    race, default = client.search_experiments(order_by=["name DESC"])
    assert (race.name, default.name) == ("race", "Default")
    assert client.search_runs([default.experiment_id]) == []
    runs = client.search_runs([race.experiment_id])
    numbers = range(PROCESSES)
    assert collections.Counter(run.info.run_name for run in runs) == collections.Counter(
        [f"alone-{n}" for n in numbers]
        + [f"trial-{n}" for n in numbers]
        + [f"fold-{n}" for n in numbers]
    )
    assert {run.info.status for run in runs} == {"FINISHED"}
    assert len({run.data.tags[IDEMPOTENCY_TAG] for run in runs}) == len(runs)

    by_name = {run.info.run_name: run for run in runs}
    for n in numbers:
        trial, alone = by_name[f"trial-{n}"], by_name[f"alone-{n}"]
        assert (trial.data.params, trial.data.metrics) == ({"number": str(n)}, {"loss": n})
        assert PARENT not in trial.data.tags and PARENT not in alone.data.tags
        fold = by_name[f"fold-{n}"]
        assert (fold.data.tags[PARENT], fold.data.metrics) == (trial.info.run_id, {"f1": n})
        entry = RunIndex(index).find(f"key-{n}", uri)
        assert entry is not None and entry.run_id == alone.info.run_id
    for n in (0, PROCESSES - 1):
        points = client.get_metric_history(by_name[f"trial-{n}"].info.run_id, "loss")
        assert sorted(point.step for point in points) == list(range(POINTS))
