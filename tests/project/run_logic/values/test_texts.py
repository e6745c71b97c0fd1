"""Texts that expressions give."""

import pytest

from trackfix.project.run_logic.values.holes import HOLE
from trackfix.project.run_logic.values.texts import text_of


@pytest.fixture
def text(last_value):
    """The text of the last expression of a source; holes are in braces."""

    def read(source):
        body, node = last_value(source)
        return HOLE.sub(lambda match: "{" + match[1] + "}", text_of(node, body, node.lineno))

    return read


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 'a' + 'b'", "ab"),
        ("k = 'a'\nx = f'{k}={v}'", "a={v}"),
        ("x = '{}-{n}'.format('a', n='b')", "a-b"),
        ("x = '%s of %s' % ('a', b)", "a of {b}"),
        ("parts = ['a', 'b']\nparts.append('c')\nx = ' and '.join(parts)", "a and b and c"),
        ("parts = []\nparts += ['b']\nparts.extend(['c'])\nx = '+'.join(parts)", "b+c"),
        ("x = ' and '.join(f'{k} = 1' for k in keys)", "{k} = 1"),
        ("q = 'a'\nif c:\n    q += ' and b'\nx = q", "a  and b"),
        ("x = str('a').strip()", "a"),
        ("x = ['start_time DESC']", "start_time DESC"),
        ("def h(v):\n    return f'k = {v}'\nx = h('1')", "k = 1"),
        ("def h(v):\n    return f'k = {v.value}'\nx = h(Kind.STEP)", "k = Kind.STEP"),
        ("x = 'metrics.f1 DESC' if c else 'metrics.f1 ASC'", "metrics.f1 {direction}"),
        ("x = 'metrics.f1 DESC' if c else 'metrics.f2 desc'", "metrics.f1 DESC"),
        ("class K:\n    A = 'a'\nx = K.A", "a"),
        ("class K:\n    A = 'a'\nk = K()\nx = k.A", "a"),
        ("class K:\n    A = 'a'\nk = K(A='b')\nx = k.A", "b"),
        ("class K:\n    A = 'a'\nk = K(y)\nx = k.A", "{k.A}"),
        ("class K:\n    A = 'a'\nk = K()\ndef f(k):\n    return k.A", "{k.A}"),
        ("class K:\n    A = 'a'\nk = K()\nk = L()\nx = k.A", "{k.A}"),
    ],
)
def test_parts_are_put_together(text, source, expected):
    assert text(source) == expected


PAIRS = "' and '.join(f'{k} = {v}' for k, v in %s)"
EACH = "' and '.join(f'{k} = {v}' for k, v in %s.items())"
WHERE = (
    "def h(**tags):\n    return ' and '.join(['z'] + [f't.{k} = {v}' for k, v in tags.items()])\n"
)
LOOP = "parts = ['z']\nfor %s in %s:\n    parts.append(f't.{k} = {v}')\nx = ' and '.join(parts)"
ASKED = "def h(tags):\n    return ' and '.join([*BASE, *(f't.{k}' for k, _ in tags.items())])\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("tags = {'a': 1, K: v}\nx = " + EACH % "tags", "a = 1 and {K} = {v}"),
        ("tags = {'a': 1}\ntags['b'] = w\nx = " + EACH % "tags", "a = 1 and b = {w}"),
        ("tags = {}\ntags.update(a=1)\nx = " + EACH % "tags", "a = 1"),
        ("x = " + EACH % "dict(a=1, b=w)", "a = 1 and b = {w}"),
        ("x = " + EACH % "{'a': 1}", "a = 1"),
        ("x = " + PAIRS % "(('a', 1), [K, v])", "a = 1 and {K} = {v}"),
        ("x = " + PAIRS % "[('a', 1)]", "a = 1"),
        ("x = ' and '.join(['a'] + ['b'])", "a and b"),
        ("more = ['b']\nx = ' and '.join(['a', *more])", "a and b"),
        (WHERE + "x = h(a='1', b=w)", "z and t.a = 1 and t.b = {w}"),
        (WHERE + "y = h(a='1')\nx = h(b='2')", "z and t.b = 2"),
        (WHERE.replace("**tags", "n, **tags") + "x = h(n=1, b='2')", "z and t.b = 2"),
        (WHERE + "x = h(a='1', **{K: w, 'b': '2'})", "z and t.a = 1 and t.{K} = {w} and t.b = 2"),
        (ASKED + "BASE = ['z']\nx = h({'a': 1, 'b': w})", "z and t.a and t.b"),
        (LOOP % ("k, v", "{'a': 1, K: w}.items()"), "z and t.a = 1 and t.{K} = {w}"),
        (LOOP % ("k, v", "[('a', 1)]"), "z and t.a = 1"),
        (LOOP % ("k", "('a', K)"), "z and t.a = {v} and t.{K} = {v}"),
        ("KEYS = ['a', 'b']\n" + LOOP % ("k", "KEYS"), "z and t.a = {v} and t.b = {v}"),
        ("x = ' and '.join(f't.{k} = 1' for k in ('a', 'b'))", "t.a = 1 and t.b = 1"),
        ("x = " + PAIRS % "[('a', w)] if v is not None", "a = {w}"),
    ],
)
def test_each_item_that_is_written_out_gives_a_text(text, source, expected):
    assert text(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = " + EACH % "tags", "{k} = {v}"),
        ("x = " + PAIRS % "pairs", "{k} = {v}"),
        ("x = " + PAIRS % "[('a', 1, 2)]", "{k} = {v}"),
        ("def f(tags):\n    return " + EACH % "tags", "{k} = {v}"),
        ("x = " + (EACH % "tags").replace("k, v", "k"), "{k} = {v}"),
        ("x = " + (EACH % "{'a': 1}").replace("items", "keys"), "{k} = {v}"),
        (WHERE + "x = h(**given)", "z and t.{k} = {v}"),
        (ASKED + "x = h(given)", "t.{k}"),
        (LOOP % ("k, v", "tags.items()"), "z and t.{k} = {v}"),
        (LOOP % ("k", "keys"), "z and t.{k} = {v}"),
        ("x = ' and '.join(f't.{k}' for k in ('a', 'b') if k != 'a')", "t.{k}"),
        ("x = " + PAIRS % "[('a', 1)] if k not in ('a', 'b')", "{k} = {v}"),
        (
            LOOP.replace("    p", "    if k == 'a': continue\n    p") % ("k", "('a', 'b')"),
            "z and t.{k} = {v}",
        ),
        ("if not keys:\n    keys = ['a']\n" + LOOP % ("k", "keys"), "z and t.{k} = {v}"),
        (WHERE + "y = h(a='1')\nx = h(**given)", "z and t.{k} = {v}"),
    ],
)
def test_items_that_only_a_run_could_tell_are_told_as_one(text, source, expected):
    assert text(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from pkg.keys import STUDY\nx = STUDY", "{<pkg.keys:STUDY>}"),
        ("from pkg import keys\nx = keys.STUDY", "{<pkg:keys.STUDY>}"),
        ("from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID as P\nx = P",
         "mlflow.parentRunId"),
        ("x = get_tag_key('lineage', 'study')", "{<get_tag_key:lineage.study>}"),
        ("k = get_tag_key('lineage', 'study')\nx = k", "{<get_tag_key:lineage.study>}"),
    ],
)  # fmt: skip
def test_constants_of_other_modules_are_named(text, source, expected):
    assert text(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = y", "{y}"),
        ("x = y()", "{y}"),
        ("x = a.b", "{a.b}"),
        ("y = None\nx = y", "{y}"),
        ("def f(STUDY):\n    return STUDY", "{STUDY}"),
        ("def h(v):\n    return f'k = {v}'\nx = h(w)", "k = {v}"),
    ],
)
def test_what_a_file_does_not_tell_is_a_hole(text, source, expected):
    assert text(source) == expected


@pytest.mark.parametrize("source", ["x = '{}'.format(x)", "x = '{a}'.format(a=x)", "x = f(x)"])
def test_names_that_hold_themselves_come_to_an_end(text, source):
    assert "{" in text(source)


def test_a_text_that_is_made_again_and_again_comes_to_an_end(text):
    again = "\n".join(f"if q:\n    q = q + ' and k{number} = 1' + q" for number in range(200))
    assert " and k0 = 1" in text(f"q = 'a'\n{again}\nx = q")


def test_names_that_hold_each_other_come_to_an_end(text):
    assert text("a = b\nb = a\nx = a") == "{a}"


@pytest.mark.parametrize(
    "source",
    [
        "x = '{}a'.format(x)",
        "x = y\ny = f'{x}'\nx = y",
        "x = [x, x]",
        "q = 'a'\n" + "q += p\np += q\n" * 60 + "x = q",
    ],
)
def test_what_is_made_of_itself_comes_to_an_end(text, source):
    assert isinstance(text(source), str)
