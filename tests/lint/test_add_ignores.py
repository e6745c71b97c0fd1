"""Comments that are added suppress what they were added for, and change nothing else."""

import ast
import json
import textwrap
import tokenize
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackfix.lint.add_ignores import add_ignores
from trackfix.lint.directives import find_directives
from trackfix.lint.finding import Finding
from trackfix.lint.suppressions import suppress
from trackfix.source.document import from_bytes
from trackfix.source.text import LineIndex

NAMES = {"TRK001": "unused-ignore", "TRK101": "shim-import", "TRK201": "direct-client"}


def finding(line, end_line=None, code="TRK201", column=1, end_column=2):
    return Finding(
        code, NAMES[code], "app.py", line, column, end_line or line, end_column, "message"
    )


def added(source, *findings):
    source = textwrap.dedent(source).lstrip("\n")
    return add_ignores(from_bytes("app.py", source.encode()), findings).decode()


def expect(source):
    return textwrap.dedent(source).lstrip("\n")


def test_a_comment_goes_to_the_end_of_the_line():
    assert added("a()  \nb()", finding(1), finding(2), finding(2, code="TRK101")) == (
        "a()  # trackfix: ignore[TRK201]\nb()  # trackfix: ignore[TRK101, TRK201]"
    )


def test_codes_are_added_to_a_comment_that_is_there():
    source = """
        a()  # first # trackfix: ignore[TRK101] -- reason
        b()  # trackfix: ignore
        c()  # trackfix: ignore[]
        d()  # noqa: E501
    """
    assert added(source, *map(finding, (1, 2, 3, 4))) == expect(
        """
        a()  # first # trackfix: ignore[TRK101, TRK201] -- reason
        b()  # trackfix: ignore[TRK201]
        c()  # trackfix: ignore[TRK201]
        d()  # noqa: E501  # trackfix: ignore[TRK201]
        """
    )


def test_what_is_covered_already_gets_no_comment():
    source = "# trackfix: ignore-file[TRK1]\na()  # noqa\nb()  # trackfix: ignore[direct-client]\n"
    covered = [finding(1, code="TRK101"), finding(2), finding(3)]
    assert added(source, *covered) == source


def test_within_a_statement_the_comment_goes_to_the_line_of_the_finding():
    source = """
        value = [
            a(),
            b(
            ),
        ]
    """
    assert added(source, finding(2), finding(3, 4)) == expect(
        """
        value = [
            a(),  # trackfix: ignore[TRK201]
            b(  # trackfix: ignore[TRK201]
            ),
        ]
        """
    )


def test_no_comment_goes_into_a_string_or_behind_a_backslash():
    source = '''
        value = [
            a("""
            """),
            1,
        ]
        b = \\
            a()
        c = a(f"""
        {
            x
        }
        """)
    '''
    assert added(source, finding(2, 3), finding(6), finding(8)) == expect(
        '''
        value = [
            a("""
            """),  # trackfix: ignore[TRK201]
            1,
        ]
        b = \\
            a()  # trackfix: ignore[TRK201]
        c = a(f"""
        {
            x
        }
        """)  # trackfix: ignore[TRK201]
        '''
    )


@pytest.mark.parametrize(
    ("source", "line", "result"),
    [
        ("#!/bin/python\na()\n", 1, "#!/bin/python\n{}\na()\n"),
        ("#!/bin/python\r\n# coding: ascii\r\na()", 1, "#!/bin/python\r\n# coding: ascii\r\n{}\r\na()"),
        ("#!/bin/python", 1, "#!/bin/python\n{}"),
        ("# Databricks notebook source\na()\n", 1, "# Databricks notebook source\n{}\na()\n"),
        ("a()\n", 9, "{}\na()\n"),
        ("'''\n# coding: x\n'''\n", 9, "{}\n'''\n# coding: x\n'''\n"),
    ],
)  # fmt: skip
def test_what_has_no_line_for_a_comment_is_suppressed_for_the_file(source, line, result):
    assert added(source, finding(line)) == result.format("# trackfix: ignore-file[TRK201]")


def test_a_comment_in_the_first_line_takes_another():
    assert (
        added("# Databricks\na()\n", finding(1))
        == "# Databricks  # trackfix: ignore[TRK201]\na()\n"
    )


def test_an_empty_line_takes_a_comment():
    assert added("", finding(1)) == "# trackfix: ignore[TRK201]"
    assert added("a()\n\na()\n", finding(2)) == "a()\n# trackfix: ignore[TRK201]\na()\n"


# Notebooks


def notebook(*sources, **layout):
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, **layout)
    return from_bytes("app.ipynb", text.encode())


def cells(data):
    return [cell["source"] for cell in json.loads(data)["cells"]]


def test_in_a_notebook_comments_go_to_the_code():
    document = notebook(["%time x\n", "a()\n", "b()"], ["a()"], indent=1)
    line, column = document.place(document.text.rindex("a()"))
    data = add_ignores(document, [finding(line, column=column)])
    assert cells(data) == [["%time x\n", "a()\n", "b()"], ["a()  # trackfix: ignore[TRK201]"]]


def test_in_a_cell_of_one_string_no_magic_gets_the_comment():
    document = notebook("!ls\n  \nab = a()\n", indent=1)
    line, column = document.place(document.text.index("a()"))
    data = add_ignores(document, [finding(line, column=column)])
    assert cells(data) == ["!ls\n  \nab = a()  # trackfix: ignore[TRK201]\n"]


def test_what_is_in_no_cell_is_suppressed_in_the_first_that_is_plain_python():
    document = notebook("%%time\nx\n", "a()", indent=1)
    data = add_ignores(document, [finding(1)])
    assert cells(data) == ["%%time\nx\n", "a()\n# trackfix: ignore-file[TRK201]"]
    again = from_bytes("app.ipynb", data)
    assert add_ignores(again, [finding(1)]) == data


def test_a_notebook_without_plain_python_is_left_alone():
    document = notebook("%%time\nx\n", indent=1)
    assert add_ignores(document, [finding(1)]) == document.data


# Any code

PIECES = (
    "a()",
    "x = a(1)  # comment",
    "x = [\n    a(),\n    # comment\n    b(\n        c\n    ),\n]",
    "x = a('''\n  # text\n''', b())  ",
    "x = a(f'''\n  {b()} # {c:>{e}}\n''') + \\\n    b()",
    "def f(\n    x=a(),\n):  # noqa: E501\n    '''Doc.\n\n    # more\n    '''\n\n    return a()",
    "@a\nclass A(\n    b\n):\n\tx = 'é\u2028'; y = a()  # trackfix: ignore[TRK101] -- kept",
    "if a:\n    b()\nelif c: d()\nelse:\n    # trackfix: ignore[TRK201]\n    e()",
    "# comment",
    "",
    "\x0cx = 'a' \\\n  'b'",
    "with a() as b, \\\n        c():\n    pass",
)  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.data(),
)
def test_added_comments_keep_the_code_and_suppress_just_what_they_are_for(
    pieces, newline, end, data
):
    text = "\n".join(pieces) + ("\n" if end else "")
    document = from_bytes("app.py", text.replace("\n", newline).encode())
    lines = LineIndex(document.text)
    nodes = [n for n in ast.walk(document.tree) if isinstance(n, (ast.expr, ast.stmt))]
    findings = []
    for node in data.draw(st.lists(st.sampled_from(nodes), max_size=4)) if nodes else ():
        (start, column), (stop, end_column) = map(lines.position, document.span(node))
        findings.append(finding(start, stop, "TRK201", column, end_column))
    result = add_ignores(document, findings)
    after = from_bytes("app.py", result)
    assert ast.dump(after.tree) == ast.dump(document.tree)
    assert code_tokens(result) == code_tokens(document.data)
    kept = suppress("app.py", findings, find_directives(after), NAMES, NAMES).findings
    old = suppress("app.py", findings, find_directives(document), NAMES, NAMES).findings
    assert [f for f in kept if f.code != "TRK001"] == []
    assert len(kept) <= len([f for f in old if f.code == "TRK001"])
    assert add_ignores(after, findings) == result


def code_tokens(data):
    layout = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE}
    # The tokenizer takes a lone carriage return for white space.
    text = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return [t.string for t in tokenize.tokenize(BytesIO(text).readline) if t.type not in layout]
