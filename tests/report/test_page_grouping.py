"""Names brought together until they are few enough."""

import pytest

from trackfix.report.page.grouping import grouped


@pytest.mark.parametrize(
    "names, most, boxes",
    [
        ([], 3, []),
        (["a.b", "a.c"], 2, ["a.b", "a.c"]),
        (["a.b", "a.c", "d"], 2, ["a.*", "d"]),
        (["a.b", "a.c", "d.e", "d.f", "d.g"], 4, ["a.*", "d.e", "d.f", "d.g"]),
        (["a.b", "a.c", "d.e", "d.f", "d.g"], 3, ["a.b", "a.c", "d.*"]),
        (["a.b.c", "a.b.d", "e.f", "e.g"], 3, ["a.b.*", "e.f", "e.g"]),
        (["a.b.c", "a.d.e", "a.f.g"], 2, ["a.*", "a.f.g"]),
        (["a", "b", "c"], 2, ["*"]),
        (["x/a.ipynb", "x/b.ipynb", "m.n"], 2, ["m.n", "x/*"]),
        (["a.b.c.d", "e"], 1, ["*"]),
        (["a.p.x", "a.p.y", "a.q.x", "a.q.y", "a.r.x", "a.r.y"], 2, ["a.*", "a.r.*"]),
        (["a.p.x", "a.p.y", "a.q.x", "a.q.y", "a.m", "a.n"], 3, ["a.*", "a.p.*", "a.q.*"]),
    ],
)
def test_a_package_stands_for_its_modules_where_there_are_too_many(names, most, boxes):
    shown = grouped(names, most)
    assert list(shown) == names
    assert sorted(set(shown.values())) == boxes


def test_it_comes_to_an_end_with_any_names():
    names = ["*", ".", "..", "/", "a/", "a..b", "名.前", "x.*", ""]
    for most in range(1, len(names) + 1):
        assert len(set(grouped(names, most).values())) <= most


def test_the_order_of_the_names_makes_no_difference():
    names = [f"p{n % 3}.q{n % 5}.m{n}" for n in range(40)]
    for most in (2, 5, 12):
        assert grouped(names, most) == grouped(names[::-1], most)
