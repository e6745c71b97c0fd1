"""Retries: by type and status, with full jitter, and not past the deadline."""

import sys

import pytest
import requests
from mlflow.exceptions import MlflowException, RestException
from mlflow.protos import databricks_pb2 as codes

from trackfix.tracking import ConfigError, ServerUnavailableError, retry_with_backoff
from trackfix.tracking.retry import is_transient


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.now = 0.0
        self.pauses = []

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds

    def options(self, **more):
        return {"sleep": self.sleep, "clock": lambda: self.now, "random": lambda: 1.0, **more}


class Failing:
    """Fails so many times, and then gives "done"."""

    def __init__(self, times, error=None):
        self.left, self.calls = times, 0
        self.error = error or ServerUnavailableError("no answer")

    def __call__(self):
        self.calls += 1
        if self.left:
            self.left -= 1
            raise self.error
        return "done"


def status_error(status):
    response = requests.Response()
    response.status_code = status
    return requests.HTTPError(response=response)


def test_it_tries_again_and_gives_the_result():
    clock, function = Clock(), Failing(3)
    assert retry_with_backoff(function, **clock.options()) == "done"
    assert clock.pauses == [1.0, 2.0, 4.0]


def test_after_the_last_retry_the_error_is_raised_unchanged():
    clock, function = Clock(), Failing(9)
    with pytest.raises(ServerUnavailableError) as caught:
        retry_with_backoff(function, max_retries=2, **clock.options())
    assert caught.value is function.error
    assert function.calls == 3


@pytest.mark.regression("0 retries never called the function")
def test_no_retries_is_one_call():
    clock = Clock()
    assert retry_with_backoff(Failing(0), max_retries=0, **clock.options()) == "done"
    function = Failing(1)
    with pytest.raises(ServerUnavailableError):
        retry_with_backoff(function, max_retries=0, **clock.options())
    assert function.calls == 1
    assert clock.pauses == []


@pytest.mark.regression("retry decided by text: a run id with 429 in it was retried")
@pytest.mark.parametrize(
    "error",
    [
        MlflowException("Run with id=429503a1 not found", codes.RESOURCE_DOES_NOT_EXIST),
        RestException({"error_code": "INVALID_PARAMETER_VALUE", "message": "timeout 503"}),
        MlflowException("connection reset, rate limit, 429"),
        ValueError("429 Too Many Requests"),
        status_error(404),
    ],
)
def test_what_will_fail_again_is_not_retried_whatever_its_text_says(error):
    function = Failing(1, error)
    with pytest.raises(type(error)):
        retry_with_backoff(function, **Clock().options())
    assert function.calls == 1


@pytest.mark.parametrize(
    "error",
    [
        RestException({"error_code": "REQUEST_LIMIT_EXCEEDED", "message": ""}),
        MlflowException("", codes.TEMPORARILY_UNAVAILABLE),
        ServerUnavailableError(),
        requests.ConnectionError(),
        ConnectionResetError(),
        TimeoutError(),
        status_error(429),
        status_error(503),
    ],
)
def test_what_may_pass_is_retried(error):
    assert is_transient(error)
    assert retry_with_backoff(Failing(1, error), **Clock().options()) == "done"


def test_the_pause_is_random_between_nothing_and_the_limit():
    clock = Clock()
    options = clock.options(random=iter([0.0, 0.5, 1.0, 1.0]).__next__)
    retry_with_backoff(Failing(4), max_retries=4, base_delay=2.0, max_delay=5.0, **options)
    assert clock.pauses == [0.0, 2.0, 5.0, 5.0]


def test_no_retry_begins_after_the_deadline():
    clock, function = Clock(), Failing(99)
    with pytest.raises(ServerUnavailableError):
        retry_with_backoff(function, max_retries=99, deadline=10.0, **clock.options())
    assert clock.pauses == [1.0, 2.0, 4.0]  # the next one would end at 15


def test_time_in_the_function_counts_for_the_deadline():
    clock = Clock()

    def slow():
        clock.now += 60
        raise ServerUnavailableError

    with pytest.raises(ServerUnavailableError):
        retry_with_backoff(slow, deadline=50, **clock.options())
    assert clock.pauses == []


def test_the_caller_may_say_what_to_retry():
    assert retry_with_backoff(Failing(1, KeyError()), retry_on=KeyError, **Clock().options())
    assert retry_with_backoff(
        Failing(1, KeyError()), retry_on=(OSError, KeyError), **Clock().options()
    )
    by_number = retry_with_backoff(
        Failing(1, OSError(5, "")), retry_on=lambda error: error.args[0] == 5, **Clock().options()
    )
    assert by_number == "done"
    with pytest.raises(ServerUnavailableError):
        retry_with_backoff(Failing(1), retry_on=KeyError, **Clock().options())


def test_an_interrupt_is_never_retried():
    with pytest.raises(KeyboardInterrupt):
        retry_with_backoff(
            Failing(1, KeyboardInterrupt()), retry_on=lambda _: True, **Clock().options()
        )


def test_as_a_decorator_it_keeps_name_arguments_and_result():
    clock, failing = Clock(), Failing(1)

    @retry_with_backoff(max_retries=1, **clock.options())
    def add(a, b=0):
        failing()
        return a + b

    assert (add(1, b=2), add.__name__, clock.pauses) == (3, "add", [1.0])


def test_an_async_function_is_an_error_and_never_called_without_retries():
    async def fetch():
        pass

    for use in (lambda: retry_with_backoff()(fetch), lambda: retry_with_backoff(fetch)):
        with pytest.raises(ConfigError, match="fetch is an async function"):
            use()


def test_each_retry_is_logged_without_passwords(caplog):
    error = ServerUnavailableError("no answer from http://me:secret@host")
    retry_with_backoff(Failing(1, error), **Clock().options())
    (record,) = caplog.records
    assert "retry 1 of 3 in 1.0 s" in record.getMessage()
    assert "http://host" in record.getMessage()


def test_where_only_the_deadline_decides_no_number_of_retries_is_told(caplog):
    retry_with_backoff(Failing(1), max_retries=sys.maxsize, deadline=9, **Clock().options())
    assert "retry 1 in 1.0 s" in caplog.text


def test_negative_numbers_are_an_error():
    for name in ("max_retries", "base_delay", "max_delay", "deadline"):
        with pytest.raises(ConfigError):
            retry_with_backoff(Failing(0), **{name: -1})  # type: ignore[call-overload]


def test_very_many_retries_do_not_overflow():
    clock = Clock()
    retry_with_backoff(Failing(1100), max_retries=2000, **clock.options())
    assert max(clock.pauses) == 60.0
