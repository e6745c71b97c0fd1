"""Which bytes can hold a mark that suppresses nothing."""

import pytest

from trackfix.lint.markers import may_complain, may_suppress

NAMES = ("TRK000", "TRK001", "TRK101", "TRK201")


@pytest.mark.parametrize(
    ("data", "possible"),
    [
        (b"a()  # noqa", False),
        (b"a()  # noqa: E501,TRKY1", False),
        (b"a()  # noqa: E501, trk201", True),
        (b"a()  # noqa\nb = 'TRK201'", False),
        (b"# trackfix: ignore-file[x]", True),
    ],
)
def test_bytes_tell_where_nothing_can_be_reported(data, possible):
    assert may_complain(data, NAMES) is possible


@pytest.mark.parametrize(
    ("data", "possible"),
    [
        (b"a()  # noqa", True),
        (b"a()  # NoQA : E501", True),
        (b"a()  # noqa:  E501", True),
        (b"a()  # noqa: E501, trk201", True),
        (b"a()  # trackfix: ignore[TRK201]", True),
        (b"a()  # noqa: E501", False),
        (b"a()  # noqa:E501,TRKY1", False),
        (b"a()  # TRK201", False),
    ],
)
def test_a_mark_suppresses_with_a_code_of_ours_or_without_any(data, possible):
    assert may_suppress(data, NAMES) is possible
