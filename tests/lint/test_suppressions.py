"""What comments suppress, and which of them are reported themselves."""

import json
import textwrap

import pytest

from trackfix.lint.directives import find_directives
from trackfix.lint.finding import Finding
from trackfix.lint.suppressions import suppress
from trackfix.source.document import from_bytes

NAMES = {
    "TRK000": "syntax-error",
    "TRK001": "unused-ignore",
    "TRK101": "shim-import",
    "TRK201": "direct-client",
    "TRK202": "undefined-client",
}


def finding(line, end_line=None, code="TRK201", column=1):
    return Finding(
        code, NAMES[code], "app.py", line, column, end_line or line, column + 1, "message"
    )


def python(source):
    return from_bytes("app.py", textwrap.dedent(source).lstrip("\n").encode())


def outcome(source, *findings, enabled=NAMES, complete=True):
    document = source if not isinstance(source, str) else python(source)
    directives = find_directives(document)
    return suppress("app.py", findings, directives, NAMES, enabled, complete=complete)


def left(source, *findings, **options):
    """Lines of the findings that remain, those of TRK001 left out."""
    kept = outcome(source, *findings, **options).findings
    return [f.line for f in kept if f.code != "TRK001"]


def complaints(source, *findings, **options):
    kept = outcome(source, *findings, **options).findings
    return [f"{f.line}: {f.message}" for f in kept if f.code == "TRK001"]


# Where a comment reaches


def test_a_comment_suppresses_what_is_in_its_line():
    source = """
        a()  # trackfix: ignore[TRK201]
        a()
    """
    assert left(source, finding(1), finding(2)) == [2]
    assert outcome(source, finding(1), finding(2)).count == 1


@pytest.mark.parametrize(
    "item", ["TRK201", "trk201", "direct-client", "Direct-Client", "TRK2", "TRK", "x, TRK201"]
)
def test_a_rule_is_named_by_code_name_or_prefix(item):
    assert left(f"a()  # trackfix: ignore[{item}]\n", finding(1)) == []


def test_a_comment_for_one_rule_leaves_others():
    source = "a()  # trackfix: ignore[TRK202,TRK101]\n"
    assert left(source, finding(1), finding(1, code="TRK101")) == [1]


STATEMENT = """
    value = call(
        first(),{}
        second(
            1,
        ),{}
    ){}
"""


@pytest.mark.parametrize(
    ("place", "lines"),
    [
        (0, [4]),  # in a line within the statement: what is in that line
        (1, [2]),  # in the last line of a call within it: that call
        (2, []),  # in the last line of the statement: all of it
    ],
)
def test_within_a_statement_the_line_decides(place, lines):
    marks = ["", "", ""]
    marks[place] = "  # trackfix: ignore[TRK201]"
    kept = left(STATEMENT.format(*marks), finding(2), finding(3, 5))
    assert kept == {0: [3], 1: [2], 2: []}[place]


def test_the_first_line_of_a_statement_speaks_for_all_of_it():
    source = """
        value = [  # trackfix: ignore[TRK201]
            a(),
        ]
        a()
    """
    assert left(source, finding(2), finding(4)) == [4]


def test_within_brackets_a_line_of_its_own_speaks_for_the_next():
    source = """
        value = [
            # trackfix: ignore[TRK201]
            # because
            a(),
            b(),
        ]
    """
    assert left(source, finding(4), finding(5)) == [5]


def test_behind_a_header_the_block_is_not_meant():
    source = """
        with (
            a() as b,
        ):  # trackfix: ignore[TRK201]
            a()
    """
    assert left(source, finding(2), finding(4)) == [4]


@pytest.mark.parametrize(
    ("block", "last"),
    [
        ("def f():\n    a()\n\n    a()\n\n# comment\nx = 1\n", 4),
        ("@d(\n    1\n)\n@e\nclass A:\n    def f(self):\n        a()\nx = 1\n", 7),
        ("if x:\n    a()\nelif y: a()\nelse:\n    a()\nx = 1\n", 5),
        ("try:\n\ta()\nexcept* E:\n\ta()\nfinally:\n\ta()\nx = 1\n", 6),
        ("x = (\n1,\n'''\nx\n''')\nx = 1\n", 5),
        ("match x:\n    case 1:\n        a()\n    case _:\n        a()\nx = 1\n", 5),
        ("x = \\\n  1; y = 2\nx = 1\n", 2),
    ],
)
def test_above_a_statement_a_comment_speaks_for_its_whole_block(block, last):
    source = f"# trackfix: ignore[TRK201]\n# another comment\n{block}"
    lines = range(1, source.count("\n") + 1)
    assert left(source, *(finding(line) for line in lines)) == list(range(last + 3, lines.stop))


def test_above_a_clause_a_comment_speaks_for_that_clause():
    source = """
        if x:
            a()
        # trackfix: ignore[TRK201]
        else:
            a()
        a()
    """
    assert left(source, *map(finding, (2, 5, 6))) == [2, 6]


def test_above_a_blank_line_a_comment_speaks_for_nothing():
    source = "# trackfix: ignore[TRK201]\n\na()\n"
    assert left(source, finding(3)) == [3]
    assert complaints(source, finding(3)) == ["1: ignore[TRK201] suppresses no finding; remove it"]


def test_a_comment_for_the_file_speaks_for_all_lines_wherever_it_stands():
    source = "a()\n# trackfix: ignore-file[TRK201] -- generated\na()\n"
    assert left(source, finding(1), finding(3), finding(3, code="TRK202")) == [3]


def test_a_finding_of_a_whole_block_is_not_suppressed_from_within():
    source = """
        class A:
            x = 1  # noqa
            y = 1  # trackfix: ignore[TRK201]
    """
    assert left(source, finding(1, 3)) == [1]


# What is a comment


@pytest.mark.parametrize(
    "source",
    [
        'a("# trackfix: ignore[TRK201]")\n',
        "a('''\n# trackfix: ignore[TRK201]\n''')\n",
        'a(f"# noqa {x}")\n',
        'a(f"{x:# noqa}")\n',
    ],
)
def test_the_text_of_a_string_suppresses_nothing(source):
    assert left(source, finding(1)) == [1]
    assert find_directives(python(source)) == ()


def test_a_comment_behind_a_string_of_several_lines_is_found():
    source = "a(f'''\n{x}\n''')  # trackfix: ignore[TRK201]\n"
    assert left(source, finding(1)) == []


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# trackfix: ignore[TRK201] -- see issue #12", "see issue #12"),
        ("#trackfix:ignore[TRK201]: legacy", "legacy"),
        ("# trackfix: ignore[TRK201] -- old # noqa: E501", "old"),
        ("# type: ignore # trackfix: ignore[ TRK201 , TRK202 ]", ""),
        ("# noqa: E501 # trackfix: ignore[TRK201] --  spaced  ", "spaced"),
    ],
)
def test_the_reason_is_kept_and_other_comments_are_no_part_of_it(comment, reason):
    (found,) = (d for d in find_directives(python(f"a()  {comment}\n")) if d.kind == "ignore")
    assert found.reason == reason
    assert found.codes[0] == "TRK201"
    assert found.problem == ""


def test_several_comments_in_a_line_all_count():
    source = "a()  # trackfix: ignore[TRK201] # trackfix: ignore[TRK202]\n"
    assert left(source, finding(1), finding(1, code="TRK202")) == []


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_end_as_python_ends_them(newline):
    lines = ["\ufeffx = '\u2028\x0b'", "\x0ca()  # trackfix: ignore[TRK201]", "a()", ""]
    document = from_bytes("app.py", newline.join(lines).encode())
    assert left(document, finding(2), finding(3)) == [3]


def test_a_file_that_cannot_be_parsed_has_comments_too():
    source = "def f(:  # trackfix: ignore[TRK000]\n"
    assert left(source, finding(1, code="TRK000")) == []


# Comments for flake8


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "#noqa",
        "# NoQA: TRK201",
        "# noqa:trk201",
        "# noqa: E501,TRK201",
        "# noqa: E501 TRK2 because",
        "# noqa : E501",  # flake8 takes that for a bare one
        "# nosec # noqa",
    ],
)
def test_noqa_is_honoured_as_flake8_reads_it(comment):
    assert left(f"a()  {comment}\n", finding(1)) == []


@pytest.mark.parametrize("comment", ["# noqa: E501", "# noqa: TRK202", "# noqable", "# no qa"])
def test_noqa_for_others_suppresses_nothing(comment):
    assert left(f"a()  {comment}\n", finding(1)) == [1]


def test_noqa_counts_for_the_lines_that_strings_and_backslashes_join():
    source = "a(\n'''\n''')  # noqa\nb = \\\n  a()  # noqa\na(\n)  # noqa\n"
    assert left(source, *map(finding, (1, 2, 4, 6))) == [1, 6]


# What is reported


def test_an_unused_comment_is_reported_at_its_place():
    source = "a()  # because # trackfix: ignore[TRK201] -- old\n"
    (found,) = outcome(source).findings
    assert (found.code, found.name) == ("TRK001", "unused-ignore")
    assert source[found.column - 1 : found.end_column - 1] == "# trackfix: ignore[TRK201] -- old"
    assert found.message == "ignore[TRK201] suppresses no finding; remove it"


def test_only_the_unused_part_of_a_comment_is_reported():
    source = "a()  # trackfix: ignore[TRK201, undefined-client, TRK1]\n"
    assert complaints(source, finding(1)) == [
        "1: ignore[undefined-client, TRK1] suppresses no finding; remove it"
    ]


def test_a_comment_for_a_rule_that_did_not_run_is_not_reported():
    source = "a()  # trackfix: ignore[TRK201]\nb()  # trackfix: ignore[TRK2]\n"
    assert complaints(source, enabled={"TRK001", "TRK202"}) == []
    assert complaints(source, complete=False) == []
    assert complaints(source, enabled=NAMES.keys() - {"TRK001"}) == []


def test_a_code_in_noqa_is_reported_when_it_is_ours():
    source = "a()  # noqa: E501,TRK201\na()  # noqa\na()  # noqa: E501\n"
    assert complaints(source) == ["1: noqa[TRK201] suppresses no finding; remove it"]


@pytest.mark.parametrize(
    ("comment", "hint"),
    [
        ("# trackfix: ignore[TRK2001]", "'TRK2001' is no rule; did you mean 'TRK201'?"),
        ("# trackfix: ignore[direct-clint]", "'direct-clint' is no rule; did you mean 'direct-client'?"),
        ("# trackfix: ignore[E501]", "'E501' is no rule"),
        ("# noqa: TRK2001", "'TRK2001' is no rule; did you mean 'TRK201'?"),
        ("# trackfix: ignore", "suppresses nothing: it names no rule; write ignore[CODE]"),
        ("# trackfix: ignore[", "suppresses nothing: it names no rule; write ignore[CODE]"),
        ("# trackfix: ignore-file[]", "suppresses nothing: it names no rule; write ignore-file[CODE]"),
        (
            "# trackfix: ignore-block[TRK201]",
            "suppresses nothing: there is no 'ignore-block'; write ignore[CODE] or ignore-file[CODE]",
        ),
        (
            "# trackfix: ignore-file[TRK201]",
            "suppresses nothing: ignore-file must stand in a line of its own without indent",
        ),
    ],
)  # fmt: skip
def test_a_comment_without_effect_is_reported(comment, hint):
    assert complaints(f"a()  {comment}\n", finding(1)) == [f"1: {hint}"]
    assert left(f"a()  {comment}\n", finding(1)) == [1]


def test_other_words_behind_the_name_of_the_tool_are_prose():
    assert find_directives(python("# trackfix: made this import\n# mlflow noqas\n")) == ()


def test_one_that_names_trk001_spares_itself_and_others():
    assert complaints("a()  # trackfix: ignore[TRK201, TRK001]\n") == []
    assert complaints("a()  # trackfix: ignore[TRK001]\n") == []
    assert complaints("# trackfix: ignore-file[TRK001]\na()  # trackfix: ignore[TRK201]\n") == []


# Notebooks


def notebook(*sources):
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=1)
    return from_bytes("app.ipynb", text.encode())


def place(document, text, occurrence=0):
    offset = -1
    for _ in range(occurrence + 1):
        offset = document.text.index(text, offset + 1)
    return document.place(offset)


def test_in_a_notebook_lines_are_those_of_the_file_and_cells_stand_alone():
    document = notebook(
        ["%matplotlib inline\n", "a()  # trackfix: ignore[TRK201]\n", "a()\n", "# trackfix: ignore[TRK201]"],
        ["a()"],
    )  # fmt: skip
    lines = [place(document, "a()", number)[0] for number in range(3)]
    assert left(document, *map(finding, lines)) == lines[1:]


def test_a_magic_line_holds_no_comment():
    document = notebook(["!pip install x  # noqa\n", "%run a.py # trackfix: ignore[TRK201]"])
    assert find_directives(document) == ()


def test_a_cell_stored_as_one_string_is_suppressed_as_one():
    document = notebook("a()\nb()  # trackfix: ignore[TRK201]\n", "a()")
    first, other = place(document, "a()")[0], place(document, "a()", 1)[0]
    assert left(document, finding(first), finding(other)) == [other]
