"""Bytes outside the edits: newlines, encodings, marks and odd ends of files stay."""

import pytest

LINES = b'"""Doc."""\nimport os\nfrom lib.old import f, h\nfrom lib.old import (\n    LIMIT,  # why\n    Thing,\n)\n\nx = f, h, os, LIMIT, Thing\n'
AFTER = b'"""Doc."""\nimport os\nfrom lib.home import f\nfrom lib.other import h\nfrom lib.home import (\n    LIMIT,  # why\n    Thing,\n)\n\nx = f, h, os, LIMIT, Thing\n'


def moved(source):
    return source.replace(b"lib.old", b"lib.home")


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no BOM", "BOM"])
def test_newlines_and_byte_order_mark_stay(rewrite, newline, mark):
    result = rewrite(mark + LINES.replace(b"\n", newline))
    assert b"old" not in result
    assert result.startswith(mark + b'"""Doc."""' + newline)
    assert set(result.replace(newline, b"\n").split(b"\n")) >= {b"    LIMIT,  # why", b"    Thing,"}
    assert result.count(newline) == len(result.splitlines())


CASES = {
    "latin-1": "# -*- coding: latin-1 -*-\nfrom lib.old import f\nx = 'é', f\n".encode("latin-1"),
    "latin-1 beside the import": "# coding: latin-1\nfrom lib.old import f  # é\nx = f\n".encode(
        "latin-1"
    ),
    "latin-1 beside a module that is bound": "# coding: latin-1\nimport lib.old as o  # é, ü\nx = o.f\n".encode(
        "latin-1"
    ),
    "cp1252 on the second line": "#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\nfrom lib.old import f\nx = '€', f\n".encode(
        "cp1252"
    ),
    "a BOM and a cookie": "# coding: utf-8\nfrom lib.old import f\nx = 'é', f\n".encode(
        "utf-8-sig"
    ),
    "form feeds": b"import os\n\x0c\nfrom lib.old import f\n\x0c\nx = os, f\n",
    "a form feed before the import": b"\x0cfrom lib.old import f\nx = f\n",
    "no last newline": b"x = 1\nfrom lib.old import f",
    "many last newlines": b"from lib.old import f\n\n\n\n",
    "spaces at line ends": b"from lib.old import f   \nx = 1  \t\n  \ny = f\n",
    "tabs": b"def a():\n\tfrom lib.old import f\n\tif f:\n\t\treturn f\t# why\n",
    "mixed newlines": b"import os\r\nfrom lib.old import f\nx = os, f\r\n",
    "a neighbour with another newline": b"import os\r\nfrom json import load\nfrom lib.old import f\r\nfrom lib.other import h\nx = 1\r\ny = 2\r\n",
    "a blank line of other newlines": b"import os\r\n\r\nfrom json import load\n\nfrom lib.old import f\nx = 1\r\ny = 2\r\nz = 3\r\n",
    "old newlines of the Mac between others": b"import os\nfrom json import load\rfrom lib.old import f\nx = 1\n",
    "a comment before everything": b"#!/usr/bin/env python\n# lib.old is mentioned here\nfrom lib.old import f\n".replace(
        b"# lib.old", b"# the old lib"
    ),
    "a comment that ends the file": b"from lib.old import f\n# end",
    "semicolons at line ends": b"from lib.old import f;\nx = f;\n",
    "a backslash at the end": b"from lib.old import f \\\n\nx = f\n",
    "wide characters": "é = '→→'; from lib.old import f; ü = f, '🎉'\n".encode(),
    "only an import": b"from lib.old import f\n",
    "unusual blanks": b"from\tlib.old\timport\tf\n",
    "a line continued inside a name": b"from lib.old import \\\n  f as \\\n  x\n",
    "non-UTF-8 escapes": b"from lib.old import f\nx = b'\\xff', '\\udc80', f\n",
}


@pytest.mark.parametrize("source", CASES.values(), ids=CASES)
def test_all_other_bytes_stay(rewrite, source):
    assert rewrite(source) == moved(source)


def test_layout_of_every_line_but_the_imports_stays(rewrite):
    assert rewrite(LINES).splitlines()[:2] == AFTER.splitlines()[:2]
    assert rewrite(LINES).splitlines()[-2:] == AFTER.splitlines()[-2:]


BROKEN = {
    "a syntax error": b"from lib.old import f\ndef broken(:\n",
    "a NUL byte": b"from lib.old import f\nx = '\x00'\n",
    "no text at all": b"\xff\xfe\x00from lib.old import f",
    "an unknown encoding": b"# coding: klingon\nfrom lib.old import f\n",
    "half a statement": b"from lib.old import (f,\n",
    "a merge conflict": b"<<<<<<< HEAD\nfrom lib.old import f\n=======\nfrom lib.old import g\n>>>>>>> x\n",
    "Python 2": b"from lib.old import f\nprint 'x'\nexec 'y'\n",
}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_no_python_is_left_alone_and_others_are_not(apply, library, source):
    applied = apply(
        {**library, "broken.py": source, "app.py": "from lib.old import f\n"}, same=False
    )
    assert applied.changed == {"app.py": "from lib.home import f\n"}


def test_a_file_of_ten_thousand_lines_changes_in_one(rewrite):
    body = b"".join(b"def f%d(x):\n    return x.old + %d\n" % (i, i) for i in range(5_000))
    source = b"import lib.old as o\nfrom lib.old import f, g\n" + body + b"y = o.f(), f, g\n"
    assert rewrite(source) == moved(source)


def test_empty_files_stay_empty(apply, library):
    applied = apply({**library, "empty.py": b"", "blank.py": b"\n", "comment.py": b"# lib.old"})
    assert applied.changed == {}


def test_a_character_that_the_files_encoding_lacks_leaves_the_file_alone(apply):
    applied = apply(
        {
            "hëim.py": "def a(): return 1\n",
            "old.py": "from hëim import a\n",
            "app.py": "# coding: ascii\nfrom old import a\n",
            "other.py": "from old import a\n",
        }
    )
    assert applied.changed == {"other.py": "from hëim import a\n"}
    assert [line for line in applied.skipped if line.startswith("app.py")] != []


NEWER = {
    "type statements": "from lib.old import Thing\ntype X = list[Thing]\ndef f[T: Thing](x: T) -> T: return x\n",
    "f-strings of 3.12": "import lib.old as o\nx = f'{o.f('a')} {'\\n'.join([o.g()])}'\n",
    "except without parentheses": "from lib.old import f\ntry:\n    f()\nexcept ValueError, TypeError:\n    pass\n",
    "except groups": "from lib.old import f\ntry:\n    f()\nexcept* ValueError:\n    pass\n",
}


@pytest.mark.parametrize("source", NEWER.values(), ids=NEWER)
def test_newer_syntax_than_the_running_python_is_read(apply, library, source, monkeypatch):
    # check_bytes parses with the running Python; what is newer is compared as text only.
    monkeypatch.setitem(apply.__globals__, "check_bytes", lambda *args: None)
    applied = apply({**library, "app.py": source}, same=False)
    assert applied["app.py"] == source.replace("lib.old", "lib.home")


ENDS = {
    "another newline before the last line": (
        b"from lib.home import f\r\nx = f\r\ny = 1\r\nz = 22\nfrom lib.old import g",
        b"from lib.home import f, g\r\nx = f\r\ny = 1\r\nz = 22",
    ),
    "a longer newline before the last line": (
        b"from lib.home import f\nx = f\ny = 1\nz = 22\r\nfrom lib.old import g",
        b"from lib.home import f, g\nx = f\ny = 1\nz = 22",
    ),
    "the newline of the file": (
        b"from lib.home import f\r\nz = 22\r\nfrom lib.old import g",
        b"from lib.home import f, g\r\nz = 22",
    ),
}


@pytest.mark.parametrize(("source", "result"), ENDS.values(), ids=ENDS)
def test_a_last_line_takes_one_newline_along(rewrite, source, result):
    assert rewrite(source) == result
