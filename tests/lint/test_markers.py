"""Which bytes can hold a mark that suppresses nothing."""

import pytest

from trackfix.lint.markers import may_complain

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
