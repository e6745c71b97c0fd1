"""A picture of imports as SVG."""

import re
from xml.etree import ElementTree

import pytest

from trackfix.project.shims.graph import Edge, ShimGraph
from trackfix.report.page.drawing import drawing
from trackfix.report.page.layout import picture

GRAPH = ShimGraph(
    ("app.main", "tests.test_main"),
    ("lib.dead", "lib.old"),
    ("lib.home",),
    (Edge("app.main", "lib.old", 3), Edge("tests.test_main", "lib.home", 1)),
    (Edge("lib.old", "lib.home", 2),),
)


def drawn(graph):
    """The picture, read as XML."""
    source = "".join(drawing(picture(graph), "key", "A <title>", "What & how"))
    return ElementTree.fromstring(source).find("svg")


def texts(svg, kind):
    return [e.text for e in svg.iter("text") if e.get("class") == kind]


def test_it_has_a_title_and_a_description_for_who_can_not_see_it():
    svg = drawn(GRAPH)
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "key-title key-desc"
    assert (svg.find("title").text, svg.find("title").get("id")) == ("A <title>", "key-title")
    assert (svg.find("desc").text, svg.find("desc").get("id")) == ("What & how", "key-desc")


def test_shims_are_marked_by_words_and_form_and_not_by_colour_alone():
    svg = drawn(GRAPH)
    assert texts(svg, "package") == ["app", "tests", "shim · lib", "lib", "shim · lib"]
    assert texts(svg, "name") == ["main", "test_main", "old", "home", "dead"]
    assert texts(svg, "heading") == [
        "import a shim", "shims", "homes", "shims that no import goes through"
    ]  # fmt: skip
    boxes = [group.get("class") for group in svg.iter("g") if "box" in group.get("class")]
    assert boxes == ["box importer", "box importer", "box shim", "box home", "box shim idle"]


def test_arrows_say_from_where_to_where_and_how_many():
    svg = drawn(GRAPH)
    arrows = [g for g in svg.iter("g") if "arrow" in g.get("class")]
    assert [(g.get("class"), g.find("title").text) for g in arrows] == [
        ("arrow through", "app.main → lib.old: 3 imports"),
        ("arrow direct", "tests.test_main → lib.home: 1 import"),
        ("arrow through", "lib.old → lib.home: 2 names"),
    ]
    assert all(len(g.findall("path")) == 2 for g in arrows)


def boxes(svg):
    return [
        [float(rect.get(name)) for name in ("x", "y", "width", "height")]
        for rect in svg.iter("rect")
    ]


def test_no_box_lies_on_another_or_outside_of_the_picture():
    importers = tuple(f"app.m{n}" for n in range(30))
    shims = tuple(f"lib.s{n}" for n in range(9))
    graph = ShimGraph(
        importers,
        (*shims, *(f"lib.x{n}" for n in range(7))),
        ("lib.home",),
        tuple(Edge(name, shims[n % 9], n + 1) for n, name in enumerate(importers)),
        tuple(Edge(shim, "lib.home", 1) for shim in shims),
    )
    svg = drawn(graph)
    _, _, width, height = map(float, svg.get("viewBox").split())
    found = boxes(svg)
    for x, y, w, h in found:
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height
    for number, (x, y, w, h) in enumerate(found):
        for other_x, other_y, _, _ in found[:number]:
            assert abs(x - other_x) >= w or abs(y - other_y) >= h


@pytest.mark.parametrize("name", ["a" * 99, "pkg." + "b" * 99, "名前" * 20, "</svg><b>.\x1b\u202e"])
def test_long_and_hostile_names_are_cut_and_do_nothing(name):
    svg = drawn(ShimGraph((name,), ("s",), ("h",), (Edge(name, "s", 1),), (Edge("s", "h", 1),)))
    told = [group.find("title").text for group in svg.iter("g")]
    assert any(title.startswith("importer ") and len(title) >= 10 for title in told)
    for shown in (*texts(svg, "name"), *texts(svg, "package")):
        assert sum(2 if ord(c) > 0x2E7F else 1 for c in shown or "") <= 28
        assert not re.search("[\x00-\x1f\u202e]", shown or "")


def test_a_box_for_many_modules_says_how_many_and_which():
    importers = tuple(f"app.m{n:02}" for n in range(40))
    edges = tuple(Edge(name, "s", 1) for name in importers)
    svg = drawn(ShimGraph(importers, ("s",), ("h",), edges, (Edge("s", "h", 1),)))
    assert "40 modules" in texts(svg, "name")
    titles = [group.find("title").text for group in svg.iter("g")]
    assert f"importer app.*: {', '.join(importers)}" in titles
    assert "app.* (40) → s: 40 imports" in titles


def test_a_box_for_several_packages_says_so():
    importers = tuple(f"m{n:02}" for n in range(30))
    edges = tuple(Edge(name, "s", 1) for name in importers)
    svg = drawn(ShimGraph(importers, ("s",), ("h",), edges, (Edge("s", "h", 1),)))
    assert texts(svg, "package")[0] == "several packages"
    assert texts(svg, "name")[0] == "30 modules"


def test_of_very_many_modules_in_a_box_the_rest_is_counted():
    importers = tuple(f"app.m{n:02}" for n in range(43))
    edges = tuple(Edge(name, "s", 1) for name in importers)
    svg = drawn(ShimGraph(importers, ("s",), ("h",), edges, (Edge("s", "h", 1),)))
    title = next(group.find("title").text for group in svg.iter("g") if "box" in group.get("class"))
    assert title.endswith("app.m38, app.m39 and 3 more")


def test_with_nothing_but_idle_shims_there_is_a_picture_of_them():
    svg = drawn(ShimGraph((), ("lib.dead",), (), (), ()))
    assert texts(svg, "name") == ["dead"]
    assert float(svg.get("height")) >= 40
