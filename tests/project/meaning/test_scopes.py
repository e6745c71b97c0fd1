"""Which binding a name means, by the rules of the language."""

import sys

import pytest

from trackfix.project.meaning.scope_analysis import analyse, unused_imports
from trackfix.source.document import from_bytes


def scopes(source):
    return analyse(from_bytes("a.py", source.encode()))


def meanings(source, name="x"):
    """For each use of a name the kind of scope that binds it."""
    found = scopes(source)
    places = [
        (use.start, found.binding_scope(name, use.scope)) for use in found.uses if use.name == name
    ]
    return [place.kind if place else None for _, place in sorted(places, key=lambda item: item[0])]


CASES = [
    ("x = 1\nx", ["module"]),
    ("x", [None]),
    ("def f(x): return x", ["function"]),
    ("def f(): return x\nx = 1", ["module"]),
    ("def f():\n    x = 1\n    def g(): return x", ["function"]),
    ("x = 1\nclass A:\n    x = 2\n    y = x\n    def m(self): return x", ["class", "module"]),
    ("class A:\n    x = 2\n    y = [x for _ in x]", [None, "class"]),
    ("x = 1\nclass A:\n    x = x\n    y = x", ["module", "class"]),
    ("x = 1\nclass A:\n    class B:\n        y = x\n        x = 2", ["module"]),
    ("x = 1\ndef f():\n    class A:\n        x = x", ["module"]),
    ("[x for x in x]", ["comprehension", None]),
    ("x = 1\n[x for y in x if x]", ["module"] * 3),
    ("[[x for x in y] for y in x]", ["comprehension", None]),
    ("{x: x for x in ()}", ["comprehension"] * 2),
    ("f = lambda x: x", ["function"]),
    ("f = lambda y=x: y", [None]),
    ("def f():\n    global x\n    x = 1\nx", ["module"]),
    ("def f():\n    global x\n    return x\nx = 1", ["module"]),
    (
        "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n        return x",
        ["function"],
    ),
    ("def f():\n    if (x := 1): return x", ["function"]),
    ("def f():\n    [(x := y) for y in ()]\n    return x", ["function"]),
    ("match 1:\n    case [x, *_]: x", ["module"]),
    ("def f():\n    match 1:\n        case {'a': 1, **x}: return x", ["function"]),
    ("def f():\n    match 1:\n        case A(b=x) | [_, x]: return x", ["function"]),
    ("match 1:\n    case x.y: pass", [None]),
    ("match 1:\n    case _ as x: x", ["module"]),
    ("def f():\n    for x in x: x", ["function"] * 2),
    ("def f():\n    with x as x: x", ["function"] * 2),
    ("def f():\n    try: pass\n    except E as x: x", ["function"]),
    ("def f():\n    import x.y\n    x", ["function"]),
    ("def f():\n    from m import y as x\n    x", ["function"]),
    ("def f():\n    x: int\n    return x", ["function"]),
    ("def f():\n    x += 1", ["function"]),
    ("def f():\n    del x\n    x", ["function"]),
    ("@x\ndef f(x=x, *, y: x = x) -> x: pass", [None] * 5),
    ("class A(x, k=x): x = 1", [None] * 2),
    ("def f(a: 'x', b: \"list[x]\"): pass", [None] * 2),
    ("import typing\ntyping.cast('x', 1)", [None]),
    ("def f():\n    class x: pass\n    x", ["function"]),
    ("async def f():\n    async for x in y: x", ["function"]),
    ("f'{x}{x!r:>{x}}'", [None] * 3),
    ("x = 1\ndef f(): del x", []),
    ("def f(*x, **y): return x", ["function"]),
    ("class A:\n    def x(self): pass\n    y = x", ["class"]),
]


@pytest.mark.parametrize("source, expected", CASES, ids=[case[0] for case in CASES])
def test_a_name_means_the_binding_that_python_would_find(source, expected):
    assert meanings(source) == expected


@pytest.mark.skipif(sys.version_info < (3, 12), reason="they are lowered away before")
@pytest.mark.parametrize(
    "source, expected",
    [
        ("def f[x](a: x) -> x: return x", ["function"] * 3),
        ("class A[x](B[x]): y: x", ["function"] * 2),
        ("type y[x] = list[x]", ["function"]),
        ("type x = int\nx", ["module"]),
    ],
)
def test_type_parameters_have_a_scope(source, expected):
    assert set(meanings(source)) == set(expected)


def test_offsets_are_those_of_the_text():
    source = "é = a.b\nf'→ {a.b!r} {a.c}'\nx: 'e | a.d'\n(a\n .e)\n"
    found = [use for use in scopes(source).uses if use.name == "a"]
    assert [source[use.start : use.ends[-1]] for use in found] == [
        "a.b",
        "a.b",
        "a.c",
        "a.d",
        "a\n .e",
    ]
    assert [use.quoted for use in found] == [False, False, False, True, False]
    assert [use.attributes for use in found] == [("b",), ("b",), ("c",), ("d",), ("e",)]


def test_undefined_names_are_those_that_nothing_binds():
    assert scopes(
        "import os\nprint(os, __file__, missing)\ndef f(): return later\nlater = 1\n"
    ).undefined() == {"missing"}


def test_a_use_that_is_written_to_is_not_read_only():
    found = {
        use.attributes: use.is_read
        for use in scopes("a.b\na.c = 1\ndel a.d\na.e += 1\n").uses
        if use.name == "a"
    }
    assert found[("b",)] and not any(found[(name,)] for name in "cde")


@pytest.mark.parametrize(
    "source, expected",
    [
        ("import a\nimport b\nb", {"a"}),
        ("from m import a as x, y\ny", {"x"}),
        ("import a.b\na", set()),
        ("import a\nx: 'a.b'", set()),
        ("def f(): import a", set()),
        ("try:\n    import a\nexcept ImportError:\n    a = None", set()),
    ],
)
def test_imports_that_are_never_read(source, expected):
    assert unused_imports(from_bytes("a.py", source.encode())) == expected


@pytest.mark.parametrize(
    "source",
    [
        "a = 1\nx = a" + " + 1" * 2_000 + " + b",
        "a = 1\nx = " + "a if c else " * 900 + "b",
        "a = 1\nif a:\n    pass\n" + "elif c:\n    pass\n" * 900 + "elif b:\n    pass\n",
    ],
    ids=["operators", "conditions", "elif"],
)
def test_what_is_nested_in_itself_a_thousand_times_has_its_names(source):
    names = [use.name for use in scopes(source).uses if use.name != "c"]
    assert (names[0], names[-1]) == ("a", "b")
