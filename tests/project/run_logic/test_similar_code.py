"""The index that finds what may be alike, and the alignment."""

import random

import pytest

from trackfix.project.run_logic import similar_code
from trackfix.project.run_logic.similar_code import align, fingerprints
from trackfix.project.run_logic.statements import Code, Statement


def statements(text):
    """Of a word: a capital letter calls MLflow."""
    return tuple(
        Statement(
            line, letter, (letter,) if letter.isupper() else (), 3.0 if letter.isupper() else 1.0
        )
        for line, letter in enumerate(text, 1)
    )


def test_equal_runs_of_statements_share_a_fingerprint():
    generator = random.Random(4)
    for _ in range(200):
        run = "".join(generator.choices("ABCDEFG", k=3))
        around = ["".join(generator.choices("hijklm", k=generator.randrange(6))) for _ in range(4)]
        one = fingerprints(statements(around[0] + run + around[1]))
        other = fingerprints(statements(around[2] + run + around[3]))
        assert set(one) & set(other), (around, run)


def test_statements_without_mlflow_have_no_fingerprints():
    assert fingerprints(statements("abcdefgh")) == []


@pytest.mark.parametrize(
    "here, there, alike, score",
    [
        ("ABC", "ABC", "ABC", 1.0),
        ("xxABCxx", "yABCy", "ABC", 1.0),
        ("ABxC", "AByC", "ABC", 0.9),
        ("ABC", "CBA", "A", 1.0),
        ("abc", "xyz", "", 0.0),
    ],
)
def test_the_run_that_agrees_best_is_aligned(here, there, alike, score):
    match = align(statements(here), statements(there))
    assert "".join(here[i] for i, _ in match.pairs) == alike
    assert [here[i] for i, _ in match.pairs] == [there[j] for _, j in match.pairs]
    assert match.score == score


def test_no_function_is_compared_with_more_than_a_few(monkeypatch):
    codes = [Code(f"{n}.py", "f", 1, 1, statements("ABCDEFG"), frozenset()) for n in range(300)]
    compared = [len(others) for _, others in similar_code._candidates(codes)]
    assert max(compared) == similar_code._MOST_COMPARED
    assert compared[:3] == [0, 1, 2]
