"""Where the boxes stand, and which arrows are between them."""

import itertools

from trackfix.project.shims.graph import Edge, ShimGraph
from trackfix.report.page import layout
from trackfix.report.page.layout import HOME, IDLE, IMPORTER, SHIM, picture


def graph(imports, handed_on=(), shims=("s",), idle=()):
    """A graph from pairs of names; each is one import, or one name."""
    importers = sorted({start for start, _ in imports})
    ends = {end for _, end in (*imports, *handed_on)}
    return ShimGraph(
        tuple(importers),
        tuple(sorted((*shims, *idle))),
        tuple(sorted(ends - set(shims))),
        tuple(Edge(start, end, 1) for start, end in sorted(imports)),
        tuple(Edge(start, end, 1) for start, end in sorted(handed_on)),
    )


def test_importers_shims_and_homes_are_columns():
    found = picture(graph([("a", "s"), ("a", "h")], [("s", "h")]))
    assert found.columns == (((IMPORTER, "a"),), ((SHIM, "s"),), ((HOME, "h"),))
    assert list(found.arrows) == [
        ((IMPORTER, "a"), (HOME, "h")),
        ((IMPORTER, "a"), (SHIM, "s")),
        ((SHIM, "s"), (HOME, "h")),
    ]


def test_a_shim_of_a_shim_is_a_column_further_left():
    found = picture(graph([("a", "s"), ("a", "t")], [("s", "t"), ("t", "h")], shims=("s", "t")))
    assert found.columns[1:3] == (((SHIM, "s"),), ((SHIM, "t"),))


def test_a_long_chain_of_shims_and_a_circle_take_few_columns():
    shims = tuple("qrstu")
    chain = list(itertools.pairwise(shims))
    assert len(picture(graph([("a", "q")], [*chain, ("u", "h")], shims)).columns) == 5
    circle = picture(graph([("a", "q")], [*chain, ("u", "q")], shims))
    assert sorted(key for column in circle.columns[1:-1] for key in column) == [
        (SHIM, name) for name in shims
    ]


def test_a_module_may_be_an_importer_and_a_home():
    found = picture(graph([("a", "s"), ("b", "s")], [("s", "a")]))
    assert (IMPORTER, "a") in found.columns[0]
    assert found.columns[2] == ((HOME, "a"),)


def test_shims_without_arrows_stand_apart():
    found = picture(graph([("a", "s")], [("s", "h")], idle=("x", "y")))
    assert found.idle == ((IDLE, "x"), (IDLE, "y"))
    assert (SHIM, "x") not in found.columns[1]


def test_idle_shims_are_counted_apart_from_used_ones_of_their_package(monkeypatch):
    monkeypatch.setattr(layout, "_MOST_BOXES", (1,))
    imports = [("a", "p.s"), ("a", "p.t")]
    found = picture(graph(imports, [("p.s", "h")], ("p.s", "p.t"), ("p.x", "p.y", "p.z")))
    assert found.members[SHIM, "p.*"] == ("p.s", "p.t")
    assert found.members[IDLE, "p.*"] == ("p.x", "p.y", "p.z")


def test_boxes_are_ordered_so_that_arrows_cross_little():
    pairs = [(f"a{n}", f"h{9 - n}") for n in range(9)]
    found = picture(graph([*pairs, ("a0", "s")], [("s", "h9")]))
    left = [name for _, name in found.columns[0]]
    right = [name for _, name in found.columns[2]]
    assert [dict(pairs)[name] for name in left] == right


def test_with_many_modules_packages_stand_for_them_and_their_imports_add_up(monkeypatch):
    monkeypatch.setattr(layout, "_MOST_BOXES", (2,))
    found = picture(graph([("p.a", "s"), ("p.b", "s"), ("p.b", "h"), ("q", "s")], [("s", "h")]))
    assert found.columns[0] == ((IMPORTER, "p.*"), (IMPORTER, "q"))
    assert found.members[IMPORTER, "p.*"] == ("p.a", "p.b")
    assert found.arrows[(IMPORTER, "p.*"), (SHIM, "s")] == 2
    assert sum(found.arrows.values()) == 5


def test_arrows_within_one_box_are_left_out(monkeypatch):
    monkeypatch.setattr(layout, "_MOST_BOXES", (1,))
    found = picture(graph([("a", "p.s")], [("p.s", "p.t"), ("p.t", "h")], shims=("p.s", "p.t")))
    assert found.columns[1] == ((SHIM, "p.*"),)
    assert all(start != end for start, end in found.arrows)


def test_no_shims_are_two_empty_columns():
    assert picture(ShimGraph((), (), (), (), ())).columns == ((), ())


def test_with_many_arrows_there_are_fewer_boxes():
    shims = tuple(f"lib.p{n}.s" for n in range(15))
    imports = [(f"app.p{n}.m", shim) for n in range(15) for shim in shims]
    found = picture(graph(imports, [(shim, "h") for shim in shims], shims))
    assert len(found.arrows) <= 120
    assert sum(found.arrows.values()) == 15 * 15 + 15
    assert len(found.columns[0]) == 8
