"""Forked processes and their parent use a store at the same time."""

import multiprocessing

import mlflow

from trackfix.tracking import create_mlflow_client

TIMES = 30


def work(client, run_id, key):
    for step in range(TIMES):
        client.log_metric(run_id, key, step, step=step)
        assert client.get_run(run_id).data.metrics[key] == step
        mlflow.get_experiment("0")


def test_a_client_that_was_used_before_a_fork_works_in_all_processes_at_once(any_store):
    client = create_mlflow_client()
    run_id = client.create_run("0").info.run_id
    work(client, run_id, "before")
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=work, args=(client, run_id, f"p{n}")) for n in range(3)]
    for process in processes:
        process.start()
    work(client, run_id, "parent")
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    for key in ("before", "parent", "p0", "p1", "p2"):
        assert len(client.get_metric_history(run_id, key)) == TIMES
