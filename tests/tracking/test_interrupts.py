"""What is in the store after a training script was interrupted, in each way that there is."""

import asyncio
import os
import signal
import sys
import textwrap
import threading
from typing import Any

import pytest

from trackfix.tracking import create_mlflow_client
from trackfix.tracking.interrupts import (
    Terminated,
    catch_sigterm,
    end_status,
    release_sigterm,
    sigterm_caught,
    sigterm_count,
    status_at_exit,
)

READY = "ready"


@pytest.fixture
def client(store):
    return create_mlflow_client()


@pytest.fixture
def script(store, python):
    """Start a training script; returns the process once it has printed that it is ready."""

    def start(body):
        head = (
            "import os, signal, sys, threading, time\nfrom trackfix.tracking import MLflowTracker\n"
        )
        process = python.start(head + textwrap.dedent(body))
        said = process.stdout.readline().strip()
        assert said == READY, process.communicate()[1]
        return process

    return start


def the_run(client):
    [run] = client.search_runs([client.get_experiment_by_name("churn").experiment_id])
    return run


IN_A_BLOCK = """
    with MLflowTracker("churn", buffer_seconds=600) as tracker:
        tracker.log_params({"depth": 3})
        for step in range(500):
            tracker.log_metric("loss", step, step)
        print("ready", flush=True)
        time.sleep(60)
"""

WITHOUT_A_BLOCK = """
    tracker = MLflowTracker("churn", buffer_seconds=600).start_run()
    tracker.log_params({"depth": 3})
    for step in range(500):
        tracker.log_metric("loss", step, step)
    print("ready", flush=True)
"""


@pytest.mark.parametrize(
    "body", [IN_A_BLOCK, WITHOUT_A_BLOCK + "    time.sleep(60)\n"], ids=["block", "no block"]
)
@pytest.mark.parametrize(
    "signum, code", [(signal.SIGTERM, 143), (signal.SIGINT, -signal.SIGINT)], ids=["TERM", "INT"]
)
def test_after_term_or_ctrl_c_the_run_is_killed_and_every_point_is_there(
    client, script, body, signum, code
):
    process = script(body)
    process.send_signal(signum)
    assert process.wait(60) == code
    run = the_run(client)
    assert (run.info.status, run.data.params) == ("KILLED", {"depth": "3"})
    assert len(client.get_metric_history(run.info.run_id, "loss")) == 500


@pytest.mark.parametrize(
    "end, status",
    [("", "FINISHED"), ("raise ValueError('no data')", "FAILED"), ("sys.exit()", "FINISHED")],
)
def test_a_run_without_a_block_is_ended_at_exit_by_what_ended_the_program(
    client, script, end, status
):
    process = script(WITHOUT_A_BLOCK + f"    {end}\n")
    process.wait(60)
    run = the_run(client)
    assert run.info.status == status
    assert len(client.get_metric_history(run.info.run_id, "loss")) == 500


def test_after_kill_9_it_stays_running_with_all_but_the_last_points(client, script):
    process = script(
        """
        with MLflowTracker("churn", buffer_seconds=0.2) as tracker:
            tracker.log_params({"depth": 3})
            for step in range(500):
                tracker.log_metric("loss", step, step)
            while len(tracker.client.get_metric_history(tracker.run_id, "loss")) < 500:
                time.sleep(0.05)  # nobody flushes, they are sent when they are 0.2 s old
            print("ready", flush=True)
            time.sleep(60)
        """
    )
    process.send_signal(signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL
    run = the_run(client)
    assert (run.info.status, run.data.params) == ("RUNNING", {"depth": "3"})
    assert len(client.get_metric_history(run.info.run_id, "loss")) == 500


def test_after_kill_9_points_that_were_waiting_are_lost(client, script):
    process = script(IN_A_BLOCK)
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    run = the_run(client)
    assert (run.info.status, run.data.params) == ("RUNNING", {"depth": "3"})
    assert client.get_metric_history(run.info.run_id, "loss") == []


A_HANDLER_THAT_EXITS = """
    import os

    def handler(signum, frame):
        os.write(1, b"mine\\n")  # a print may not interrupt another one
        sys.exit(0)

    signal.signal(signal.SIGTERM, handler)
"""
IN_ALL_BLOCKS = """
    import trackfix.tracking as t
    t.setup_mlflow("churn")
    with (
        t.MLflowTracker("churn", run_name="tracker"),
        t.MLflowSweepTracker("churn", run_name="sweep", nested=True),
        t.create_child_run("child"),
        t.create_child_run("tuple", return_tuple=True),
        t.create_training_child_run(t.NamingContext(stage="training"), "training"),
    ):
        print("ready", flush=True)
        time.sleep(60)
"""


@pytest.mark.parametrize("before, code", [("", 143), (A_HANDLER_THAT_EXITS, 0)])
def test_term_is_the_same_for_all_that_open_runs(client, script, before, code):
    process = script(before + IN_ALL_BLOCKS)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert (out.strip(), process.returncode) == ("mine" if before else "", code), err
    experiment = client.get_experiment_by_name("churn").experiment_id
    runs = {run.info.run_name: run.info.status for run in client.search_runs([experiment])}
    assert runs == dict.fromkeys(["tracker", "sweep", "child", "tuple", "training"], "KILLED")


@pytest.mark.parametrize("body", [IN_A_BLOCK, WITHOUT_A_BLOCK + "    time.sleep(60)\n"])
def test_a_handler_that_exits_is_called_and_every_point_is_there(client, script, body):
    process = script(A_HANDLER_THAT_EXITS + body)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    assert (out.strip(), process.returncode) == ("mine", 0)
    run = the_run(client)
    assert run.info.status == "KILLED"
    assert len(client.get_metric_history(run.info.run_id, "loss")) == 500


def test_a_handler_may_end_the_run_itself(client, script):
    process = script(
        """
        def handler(signum, frame):
            tracker.end_run("FAILED")
            sys.exit(5)

        signal.signal(signal.SIGTERM, handler)
        with MLflowTracker("churn", buffer_seconds=600) as tracker:
            tracker.log_metric("loss", 0.5)
            print("ready", flush=True)
            time.sleep(60)
        """
    )
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 5, err
    run = the_run(client)
    assert (run.info.status, run.data.metrics) == ("FAILED", {"loss": 0.5})


def test_a_forked_child_sends_its_own_points_and_ends_nothing(client, script):
    process = script(
        """
        with MLflowTracker("churn", buffer_seconds=600) as tracker:
            tracker.log_metric("parent", 1)
            if os.fork() == 0:
                tracker.log_metric("child", 1)
                tracker.flush()
                sys.exit(0)  # leaves the block, and runs what is due at exit
            assert os.wait()[1] == 0
            seen = tracker.client.get_run(tracker.run_id)
            # Neither ended nor with a point that the parent has yet to send.
            assert (seen.info.status, seen.data.metrics) == ("RUNNING", {"child": 1.0}), seen
            with MLflowTracker("churn", nested=True) as again:
                pass
            if os.fork() == 0:
                with again.start_run("of the child", parent_run_id=tracker.run_id) as own:
                    own.log_metric("child", 2)
                    own.flush()
                    sys.exit(0)
            assert os.wait()[1] == 0
            print("ready", flush=True)
        """
    )
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    experiment = client.get_experiment_by_name("churn").experiment_id
    runs = {run.info.run_name: run for run in client.search_runs([experiment])}
    own = runs["of the child"]
    assert {run.info.status for run in runs.values()} == {"FINISHED"}
    parent = client.get_run(own.data.tags["mlflow.parentRunId"])
    assert parent.data.metrics == {"parent": 1, "child": 1}
    assert own.data.metrics == {"child": 2}


def test_a_forked_child_is_terminated_as_without_us(client, script):
    process = script(
        """
        with MLflowTracker("churn") as tracker:
            # At once, before the child has run a line of Python; and later.
            for wait in [0] * 50 + [0.1]:
                child = os.fork()
                if child == 0:
                    time.sleep(5)
                    os._exit(1)
                time.sleep(wait)
                os.kill(child, signal.SIGTERM)
                assert os.waitstatus_to_exitcode(os.wait()[1]) == -signal.SIGTERM
            assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
            print("ready", flush=True)
        """
    )
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert the_run(client).info.status == "FINISHED"


# --- within this process -----------------------------------------------------------------


@pytest.fixture
def default_sigterm():
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGTERM, before)


def test_term_is_an_exception_while_somebody_wants_it(default_sigterm):
    catch_sigterm()
    catch_sigterm()
    release_sigterm()
    with pytest.raises(Terminated) as raised:
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(5)
    assert raised.value.code == 143
    # The second one ends the process.
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    release_sigterm()


def test_a_handler_that_was_there_is_called_and_comes_back(default_sigterm):
    calls = []

    def mine(signum, frame):
        calls.append(signum)

    signal.signal(signal.SIGTERM, mine)
    before = sigterm_count()
    with sigterm_caught(), sigterm_caught():
        for _ in range(2):
            signal.raise_signal(signal.SIGTERM)
    assert (calls, sigterm_count() - before) == ([signal.SIGTERM] * 2, 2)
    assert signal.getsignal(signal.SIGTERM) is mine
    signal.raise_signal(signal.SIGTERM)
    assert sigterm_count() - before == 2


@pytest.mark.parametrize("how", [signal.SIG_IGN, signal.SIG_DFL])
def test_what_was_there_comes_back(default_sigterm, how):
    signal.signal(signal.SIGTERM, how)
    with sigterm_caught():
        assert (signal.getsignal(signal.SIGTERM) is how) == (how is signal.SIG_IGN)
    assert signal.getsignal(signal.SIGTERM) is how


def test_a_handler_that_is_set_within_and_calls_the_one_before_is_called_once(default_sigterm):
    calls = []
    with sigterm_caught():
        before: Any = signal.getsignal(signal.SIGTERM)

        def theirs(signum, frame):
            calls.append(signum)
            before(signum, frame)

        signal.signal(signal.SIGTERM, theirs)
        with sigterm_caught(), pytest.raises(Terminated):
            signal.raise_signal(signal.SIGTERM)
    assert calls == [signal.SIGTERM]
    assert signal.getsignal(signal.SIGTERM) is theirs


def test_released_by_another_thread_it_is_as_before_at_the_next_signal(default_sigterm):
    calls = []

    def mine(signum, frame):
        calls.append(signum)

    signal.signal(signal.SIGTERM, mine)
    catch_sigterm()
    thread = threading.Thread(target=release_sigterm)
    thread.start()
    thread.join()
    before = sigterm_count()
    signal.raise_signal(signal.SIGTERM)
    assert (calls, sigterm_count() - before) == ([signal.SIGTERM], 0)
    assert signal.getsignal(signal.SIGTERM) is mine


def test_outside_the_main_thread_nothing_is_set(default_sigterm):
    def both():
        catch_sigterm()
        release_sigterm()

    thread = threading.Thread(target=both)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.parametrize(
    "error, status",
    [
        (None, "FINISHED"),
        (SystemExit(), "FINISHED"),
        (SystemExit(0), "FINISHED"),
        (SystemExit(2), "FAILED"),
        (SystemExit("usage"), "FAILED"),
        (Terminated(143), "KILLED"),
        (KeyboardInterrupt(), "KILLED"),
        (asyncio.CancelledError(), "KILLED"),
        (GeneratorExit(), "FAILED"),
        (MemoryError(), "FAILED"),
    ],
    ids=repr,
)
def test_the_status_says_how_a_block_ended(error, status):
    assert end_status(error) == status


def test_in_an_interactive_session_an_old_error_is_not_the_end(monkeypatch):
    monkeypatch.setattr(sys, "last_value", ValueError(), raising=False)
    assert status_at_exit() == "FAILED"
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    assert status_at_exit() == "FINISHED"
