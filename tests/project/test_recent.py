"""What was last made of some files is kept."""

from trackfix.project.recent import Recent


def made(recent, path, fresh="made", holds=True):
    return recent.of(path, lambda: fresh, lambda _: holds)


def test_what_was_made_last_is_not_made_again():
    recent = Recent()
    assert [made(recent, "a.py", n) for n in (1, 2)] == [1, 1]


def test_what_does_not_hold_any_more_is_made_again():
    recent = Recent()
    assert [made(recent, "a.py", n, holds=False) for n in (1, 2)] == [1, 2]


def test_those_asked_for_long_ago_are_forgotten():
    recent = Recent()
    made(recent, "old.py", 1)
    made(recent, "used.py", 1)
    for number in range(7):
        made(recent, f"{number}.py")
        made(recent, "used.py")
    assert made(recent, "used.py", 2) == 1
    assert made(recent, "old.py", 2) == 2
