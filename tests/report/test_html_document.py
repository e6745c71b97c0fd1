"""The frame of a page, and text in it."""

import pytest

from trackfix import PAGE_MARK
from trackfix.report.html.document import code, document, prose, text


def test_a_page_says_what_it_is_at_its_start(html_page):
    page = document("report", "A <title>", "p { color: red; }", ["<p>words</p>"])
    assert f'{PAGE_MARK}report">' in page[:256]
    assert "A <title>" in html_page(page).texts
    assert "<title>A &lt;title&gt;</title>" in page


@pytest.mark.parametrize(
    "plain, shown",
    [
        ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;"),
        ("a\nb\x1b[2J", "a\\nb\\x1b[2J"),
        ("a\u202eb\u2066", "a\\u202eb\\u2066"),
        ("\udcff", "\\udcff"),
        ("名前 ✓", "名前 ✓"),
        ("", ""),
    ],
)
def test_text_is_shown_as_it_is_and_does_nothing(plain, shown):
    assert text(plain) == shown
    assert code(plain) == f"<code>{shown}</code>"


@pytest.mark.parametrize(
    "marked, shown",
    [
        ("``x`` is <y>", "<code>x</code> is &lt;y&gt;"),
        ("a `b` and `<c>`", "a <code>b</code> and <code>&lt;c&gt;</code>"),
        ("a lone ` stays", "a lone ` stays"),
        ("plain", "plain"),
    ],
)
def test_what_stands_between_backticks_is_code(marked, shown):
    assert prose(marked) == shown
