"""Newer syntax, spelled in older."""

import ast
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackfix.source.newer_syntax import lower, lower_fstrings
from trackfix.source.text import LineIndex


def spelled_names(text: str) -> list[str]:
    """What `text` names, checked to stand where the tree says."""
    tree = ast.parse(text, feature_version=(3, 10))
    index = LineIndex(text)
    names = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            name = node.id if isinstance(node, ast.Name) else node.attr
            end = index.offset(node.end_lineno, node.end_col_offset)
            assert text[:end].endswith(name)
            names.append((end, name))
    return [name for _, name in sorted(names)]


def newlines(text: str) -> list[int]:
    return [match.start() for match in re.finditer(r"[\r\n]", text)]


def check_alike(text: str, lowered: str | None) -> str:
    """Each character of the result is as it was, or not part of a name."""
    assert lowered is not None
    assert len(lowered) == len(text)
    assert newlines(lowered) == newlines(text)
    ast.parse(lowered, feature_version=(3, 10))
    return lowered


FSTRINGS = [
    ("f''", "[ ]"),
    ("f'{a.b}'", "[  a.b,]"),
    ("f'{a}{b}'", "[  a, b,]"),
    ("f'{a.b!r:>{w}} t' 'x'", "[  a.b  ,  w,       ]"),
    ("f'{a = !r:^{w!r:{q}}}{x!=y}'", "[  a     ,  w  , q,   x!=y,]"),
    ("f'{{}}{a}}}'", "[      a,  ]"),
    ("f'{a:{{b}}}'", "[  a, {b}, ]"),
    ("f'{a:%H:%M}'", "[  a,      ]"),
    ("f'{a,}'", "[  a, ]"),
    ("f'{*a, b}'", "[  *a, b,]"),
    ("f'{(lambda x: 1):=5}{d[1:2]}'", "[  (lambda x: 1),    d[1:2],]"),
    ("f'{ {1: 2}[a] }'", "[   {1: 2}[a] ,]"),
    ("def f(): f'{yield}{yield a}{yield from b}'", "def f(): [  0    ,       a,            b,]"),
    ("f'\\N{DASH}{a}\\{b}\\''", "[          a,  b,  ]"),
    ("rF'\\N{a}\\''", "[     a,  ]"),
    ("f'''{\na}\n'''", "[    \na,\n  ]"),
    ("f'a' \\\n  'b'\nf'c'\n'd'", "[    \\\n    ]\n[  ]\n'd'"),
    ("x = (f'a{b}' # 'c\n  'd' f'{e}')", "x = ([   b,  # 'c\n         e,])"),
    ("'{a}' f'{b}'[0]", "[        b,][0]"),
    ("f\"{d['k']}\" + e", "[  d['k'], ] + e".replace(", ]", ",]")),
    # PEP 701
    ("f'{a['b']}{f'{c}'}'", "[  a['b'], [  c,],]"),
    ("f'{'\\n'.join(a)}'", "[  '\\n'.join(a),]"),
    ("f'''{\na # '}\n}'''", "[    \na     \n,  ]"),
    ("f'{a = # }'\n !r}'", "[  a       \n   ,]"),
    ("x = (1)if'a'else'b'f'{c}'", "x = (1)if'a'else[     c,]"),
    ('f"""{"""a"""}"""', '[    """a""",  ]'),
    # PEP 750
    ("t'{a}'", "[  a,]"),
    ("Rt'\\{a}'", "[    a,]"),
]


@pytest.mark.parametrize(("text", "expected"), FSTRINGS)
def test_fstrings_become_lists_of_their_expressions(text: str, expected: str) -> None:
    assert lower_fstrings(text) == expected
    check_alike(text, expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "'{a}'",
        "rb'{a}' b''",
        "# f'{a}'\n'f' \"f'{a}'\"",
        "'''f'{a}'''",
        "x = inf + f\n'a'",
        "'it\\'s f\"{a}\"'",
        "f = 'f'; f['x']; t('y')",
    ],
)
def test_other_strings_are_left_alone(text: str) -> None:
    assert lower_fstrings(text) == text


@pytest.mark.parametrize(
    "text", ["f'{a'", "f'{a", "f'a", "f'}'", "f'a\n'", "f'{a!r", "f'{a:b'", "f'' 'a", "f'\\N{a'"]
)
def test_fstrings_that_are_not_closed_are_refused(text: str) -> None:
    assert lower_fstrings(text) is None


EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b.c", "d['k']", "(lambda x: x)", "{1: 2}", "e != f", "'{'", "x[1:2]"]),
    lambda inner: st.builds(
        '{}"{}{{{}{}{}}}{}"'.format,
        st.sampled_from(["f", "Rf", "' {g}' f"]),
        st.sampled_from(["", "é ", "{{", "\\\\", "'"]),
        inner.map(lambda code: f" {code} "),
        st.sampled_from(["", "!r", "=", "= !s"]),
        st.sampled_from(["", ":>3", ":{w.x}.{p}", ":%H:%M"]),
        st.sampled_from(["", "}}", " 'u'"]),
    ),
    max_leaves=4,
)


@given(st.lists(EXPRESSIONS), st.sampled_from(["\n", "\r\n", "; "]))
def test_lowered_fstrings_name_what_the_originals_do(expressions: list[str], end: str) -> None:
    text = end.join(expressions)
    lowered = check_alike(text, lower_fstrings(text))
    for name in ("a", "b.c", "w.x", "p"):
        # Names that stand in a replacement field stay; none comes out of literal text.
        assert lowered.count(name) <= text.count(name)
    if sys.version_info >= (3, 12):
        tree = ast.parse(text)
        names = sorted(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
        assert names == sorted(
            n.id for n in ast.walk(ast.parse(lowered)) if isinstance(n, ast.Name)
        )
    assert lower(text) == lowered


LOWERED = [
    ("type X = V.a", "0;   X = V.a"),
    ("type X[T] = V", "0;   X    = V"),
    ("if a: type X = V; b", "if a: 0;   X = V; b"),
    ("type\\\n X = V", "0;  \\\n X = V"),
    ("type X[T: B, *Ts = *D, **P = [E]] = V", "def  X(T: B,  Ts :  D,   P : [E]) : V"),
    ("type X[\n T\n] = V", "def  X(\n T\n) : V"),
    ("def f[T](x: T): pass", "def f(   x: T): pass"),
    ("def f[T: B.c = D, U](x): pass", "def f(T: B.c | D, U, x): pass"),
    ("def f[\n  T,  # c\n\n] (): pass", "def f(\n         \n\n   ): pass"),
    ("def f[\n  T: B,  # c: d\n](): pass", "def f(\n  T: B,  # c: d\n  ): pass"),
    ("async def f[**P = [D]](): pass", "async def f(  P : [D], ): pass"),
    ("class A[T]: pass", "class A( ): pass"),
    ("class A[T](B): pass", "class A(   B): pass"),
    ("class A[T:B](): pass", "class A(*[B],): pass"),
    ("class A[T, U: B = D](C, m=M): pass", "class A(*   [ B , D],C, m=M): pass"),
    ("class A[*Ts = *D](C): pass", "class A(*   [ *D],C): pass"),
    ("class A[\n T,\n U: B = D, V = E\n]: pass", "class A(\n   \n U= B | D, V = E\n): pass"),
    ("try: pass\nexcept*A.b as e: pass", "try: pass\nexcept A.b as e: pass"),
    ("try: pass\nexcept *(A, B): pass", "try: pass\nexcept  (A, B): pass"),
    ("try: pass\nexcept A, B.c: pass", "try: pass\nexcept A| B.c: pass"),
    ("try: pass\nexcept* A, B,: pass", "try: pass\nexcept  A| B : pass"),
    ("x[*a, 1]; x[1, *a]", "x[ a, 1]; x[1,  a]"),
    ("def f(*args: *Ts): pass", "def f(*args:  Ts): pass"),
    ("f'{x[*a]}'", "[  x[ a],]"),
    ("t'{a}'; b", "[  a,]; b"),
    ("'ü'; f'é{a['b']}'; type X = V", "'ü'; [   a['b'],]; 0;   X = V"),
]


@pytest.mark.parametrize(("text", "expected"), LOWERED)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\x0c", ""])
def test_newer_syntax_is_spelled_in_older(text: str, expected: str, end: str) -> None:
    newline = end if end in ("\r\n", "\r") else "\n"
    before = "import é" + (end or "\n")
    text, expected = (before + t.replace("\n", newline) + end for t in (text, expected))
    assert lower(text) == expected
    check_alike(text, expected)


@pytest.mark.parametrize(
    "text",
    [
        "lazy import a.b as c",
        "lazy from a import b",
        "[*x for x in y]",
        "{*x for x in y}",
        "(*x for x in y)",
        "{**x for x in y}",
    ],
)
def test_syntax_of_the_future_is_lowered_where_libcst_knows_it(text: str) -> None:
    lowered = lower(text)
    if lowered is not None:
        check_alike(text, lowered)
        assert spelled_names(lowered) or "import" in lowered


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1",
        "type = type(type)\ntype[a] = b\ntype(X)",
        "match type:\n    case type: pass\n",
        "lazy = 1\nprint(lazy)\n",
        "try: pass\nexcept (A, B): pass\n",
        "def f(*args: Ts, **kw): return g(*args, **kw)\n",
        "class A(B, metaclass=M): pass\n",
        "with (open(a) as b, c as d,): pass\n",
        "x[a, b:c]; [*a, *b]; {*a}; {**a}\n",
        "\x0cif a:\r\n\t'é'\r\n",
    ],
)
def test_older_syntax_is_left_alone(text: str) -> None:
    assert lower(text) == text


@pytest.mark.parametrize(
    "text", ["x = (", "print 'a'", "f'{a'", "type X", "def f[T(x): pass", "\ud800"]
)
def test_what_no_python_can_read_is_refused(text: str) -> None:
    assert lower(text) is None


def test_names_keep_their_places() -> None:
    text = (
        "@d\nclass A[T: B.c](C):\n    'é'\n    def m[U = T](self, x: U) -> E:\n"
        "        return f'é{self.x['k']!r:>{w}}' + y\n"
    )
    lowered = lower(text)
    assert lowered is not None
    assert set(spelled_names(lowered)) >= {"d", "B", "c", "C", "T", "U", "E", "self", "x", "w", "y"}
    for name in ("B.c", "self.x", "+ y", "-> E"):
        assert lowered.index(name) == text.index(name)
