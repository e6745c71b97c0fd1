"""Collected points: none is lost, none is sent out of order, errors come to light."""

import logging
import signal
import threading
import time

import pytest

from trackfix.tracking import LimitError, RunStateError, ServerUnavailableError, TrackingError
from trackfix.tracking.batches import make_metric
from trackfix.tracking.buffer import MetricBuffer

NEVER = 3600.0
"""Seconds; longer than any test."""


class Server:
    """Stores points, or fails as it is told: a real server can't be made to fail so exactly."""

    def __init__(self):
        self.requests = []
        self.error = None
        self.calls = 0

    def __call__(self, points):
        self.calls += 1
        if self.error is not None:
            raise self.error
        self.requests.append([point.step for point in points])

    @property
    def steps(self):
        return [step for request in self.requests for step in request]


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def make_buffer(server):
    made = []

    def make(seconds=NEVER):
        made.append(MetricBuffer(server, seconds))
        return made[-1]

    yield make
    server.error = None
    for buffer in made:
        buffer.close()


def points(*steps):
    return [make_metric("loss", 0.5, 0, step) for step in steps]


def wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited for ten seconds"
        time.sleep(0.005)


def test_points_are_sent_together_and_in_order(server, make_buffer):
    buffer = make_buffer()
    for step in range(50):
        buffer.add(points(step))
    assert server.requests == []
    buffer.flush()
    assert server.requests == [list(range(50))]


def test_a_point_waits_no_longer_than_it_may(server, make_buffer):
    buffer = make_buffer(0.05)
    buffer.add(points(1))
    wait_until(lambda: server.requests == [[1]])
    buffer.add(points(2))
    wait_until(lambda: server.requests == [[1], [2]])


def test_a_thousand_points_do_not_wait(server, make_buffer):
    buffer = make_buffer()
    for step in range(1000):
        buffer.add(points(step))
    wait_until(lambda: server.steps == list(range(1000)))


def test_adding_does_not_wait_for_the_server(server):
    answer = threading.Event()

    def send(batch):
        answer.wait()
        server(batch)

    buffer = MetricBuffer(send, 0.01)
    buffer.add(points(1))
    time.sleep(0.05)
    started = time.monotonic()
    buffer.add(points(2))
    took = time.monotonic() - started
    answer.set()
    buffer.close()
    assert took < 1
    assert server.steps == [1, 2]


def test_flushing_raises_what_went_wrong_and_keeps_the_points(server, make_buffer):
    buffer = make_buffer()
    buffer.add(points(1, 2))
    server.error = ServerUnavailableError("nobody there")
    for _ in range(2):
        with pytest.raises(ServerUnavailableError, match="2 metric points are not sent: nobody"):
            buffer.flush()
    server.error = None
    buffer.add(points(3))
    buffer.flush()
    assert server.steps == [1, 2, 3]


def test_an_outage_in_the_background_is_logged_and_tried_again(server, make_buffer, caplog):
    buffer = make_buffer(0.02)
    server.error = ServerUnavailableError("nobody there")
    with caplog.at_level(logging.WARNING, "trackfix.tracking"):
        buffer.add(points(1))
        wait_until(lambda: "1 metric points are not sent: nobody there" in caplog.text)
    buffer.add(points(2))  # raises nothing: it may pass
    server.error = None
    wait_until(lambda: server.steps == [1, 2])


@pytest.mark.parametrize("error", [LimitError("no such run"), ValueError("a defect")])
def test_a_refusal_in_the_background_is_raised_by_the_next_call(server, make_buffer, error):
    buffer = make_buffer(0.01)
    server.error = error
    buffer.add(points(1))
    wait_until(lambda: buffer._error is not None)
    with pytest.raises(TrackingError, match=str(error)):
        buffer.add(points(2))
    with pytest.raises(TrackingError, match="1 metric points are not sent"):
        buffer.close()
    server.error = None
    buffer.close()
    assert server.steps == [1]


def test_a_full_buffer_does_not_hammer_a_server_that_is_down(server, make_buffer):
    buffer = make_buffer(0.2)
    server.error = ServerUnavailableError("nobody there")
    buffer.add(points(*range(1500)))
    time.sleep(0.5)
    assert 1 <= server.calls <= 4


def test_points_of_many_threads_all_arrive_once_and_in_each_ones_order(server, make_buffer):
    buffer = make_buffer(0.001)

    def log(first):
        for step in range(first, first + 500):
            buffer.add(points(step))
            if step % 100 == 0:
                buffer.flush()

    threads = [threading.Thread(target=log, args=(first,)) for first in range(0, 4000, 500)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    buffer.close()
    assert sorted(server.steps) == list(range(4000))
    for first in range(0, 4000, 500):
        own = [step for step in server.steps if first <= step < first + 500]
        assert own == sorted(own)


def test_an_interrupt_during_a_request_loses_nothing(server, make_buffer):
    buffer = make_buffer()
    buffer.add(points(1, 2))
    server.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        buffer.flush()
    server.error = None
    buffer.flush()
    assert server.steps == [1, 2]


def test_a_point_after_the_end_is_an_error_and_not_lost_in_silence(make_buffer):
    buffer = make_buffer()
    buffer.close()
    with pytest.raises(RunStateError):
        buffer.add(points(1))


def test_a_point_that_comes_just_before_the_end_is_sent(server, monkeypatch):
    buffer = MetricBuffer(server, NEVER)
    flush, late = buffer.flush, [points(2)]

    def flush_and_add(wait=None):
        flush(wait)
        if late:
            buffer.add(late.pop())

    monkeypatch.setattr(buffer, "flush", flush_and_add)
    buffer.add(points(1))
    buffer.close()
    assert server.requests == [[1], [2]]


def test_closing_ends_the_thread(server):
    buffer = MetricBuffer(server, NEVER)
    buffer.add(points(1))
    thread = buffer._thread
    buffer.close()
    assert thread is not None
    thread.join(10)
    assert not thread.is_alive()


def test_a_signal_handler_may_flush_in_the_middle_of_a_request(server):
    def send(batch):
        if not server.requests:
            server(batch)
            signal.raise_signal(signal.SIGTERM)
        else:
            server(batch)

    buffer = MetricBuffer(send, NEVER)
    before = signal.signal(signal.SIGTERM, lambda *args: buffer.flush())
    try:
        buffer.add(points(*range(1500)))
        buffer.flush()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert sorted(set(server.steps)) == list(range(1500))
    buffer.close()
