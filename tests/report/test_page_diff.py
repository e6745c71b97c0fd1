"""The changes of one file as a unified diff."""

import re
from html import unescape

from trackfix.lint.report_data import FileChange
from trackfix.report.page.diff import difference


def lines(before, after):
    found = difference(FileChange("a.py", before, after, ("x",)))
    return [unescape(re.sub("<.*?>", "", line)) for line in found], found


def test_changed_lines_are_marked_by_sign_and_class():
    told, found = lines("a\nb\n", "a\nc\n")
    assert told == ["@@ -1,2 +1,2 @@", " a", "-b", "+c"]
    assert re.findall('class="l (.*?)"', "".join(found)) == [
        "place", "same", "removed", "added"
    ]  # fmt: skip


def test_code_is_shown_as_it_is_with_its_tabs():
    _, found = lines("x\n", "\tx = '<b>'  # \x1b\u202e名\n")
    assert found[2] == '<span class="l added">+\tx = &#x27;&lt;b&gt;&#x27;  # \\x1b\\u202e名</span>'


def test_ends_of_lines_are_not_shown():
    assert lines("a\r\nb\r\n", "a\r\nc\r\n")[0] == ["@@ -1,2 +1,2 @@", " a", "-b", "+c"]


def test_a_removed_file_is_shown_as_removed():
    assert lines("a\nb\n", None)[0] == ["@@ -1,2 +0,0 @@", "-a", "-b"]


def test_a_missing_newline_at_the_end_is_told():
    assert lines("a", "b")[0][-1] == "\\ No newline at end of file"


def test_lone_surrogates_are_shown():
    assert lines("x\n", "'\udcff'\n")[0][2] == "+'\\udcff'"


def test_what_has_not_changed_has_no_lines():
    assert difference(FileChange("a.py", "a\n", "a\n", ())) == []


def test_a_line_of_the_file_that_looks_like_a_header_is_shown():
    assert lines("-- a\n", "++ b\n")[0] == ["@@ -1 +1 @@", "--- a", "+++ b"]
