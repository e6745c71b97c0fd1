"""Words in the bytes of files."""

import pytest

from trackfix.project.references.word_search import WordSearch

MANY = [f"word_{number}" for number in range(40)]


@pytest.mark.parametrize("more", [[], MANY], ids=["few", "many"])
@pytest.mark.parametrize(
    ("word", "data", "found"),
    [
        ("old", "from pkg import old", True),
        ("old", "pkg.old()", True),
        ("pkg.old", "'pkg.old'", True),
        ("old", "older = bold", False),
        ("old", "_old", False),
        ("pkg.old", "pkg_old", False),
        ("alté", "import alté", True),
        ("alté", "alt = 1", False),
    ],
)
def test_a_word_is_found_where_it_is_no_part_of_another(word, data, found, more):
    assert WordSearch([word, *more]).finds_in(data.encode()) is found


def test_no_words_are_nowhere():
    assert not WordSearch([]).finds_in(b"any")


def test_one_of_many_words_is_enough():
    assert WordSearch(MANY).finds_in(b"x = word_39")
