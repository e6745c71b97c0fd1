"""A rule of another distribution that fails is told in one line, wherever it fails."""

from typing import Any

import pytest

from trackfix.lint.finding import Finding
from trackfix.lint.guarded_rule import GuardedRule
from trackfix.lint.registry import RuleError
from trackfix.project.settings.config import ConfigError
from trackfix.source.errors import SourceError

FOUND = Finding("ABC100", "my-rule", "a.py", 1, 1, 1, 2, "found")


class Rule:
    code, name, good, bad = "ABC100", "my-rule", (), ()
    covers = ("TRK201",)

    def candidates(self, project):
        return iter(("a.py",))

    def check(self, path, project):
        yield FOUND

    def triggers(self, project):
        return ["word"]


def failing(error):
    def call(self, *_):
        raise error
        yield  # as most rules do, it fails when it is asked for its first finding

    return call


@pytest.fixture
def guarded():
    def make(**changed):
        return GuardedRule(type("Changed", (Rule,), changed)(), "rule 'ABC100 my-rule' of x")

    return make


def test_a_rule_that_works_is_what_it_was(guarded):
    rule = guarded()
    assert (rule.code, rule.name, rule.covers) == ("ABC100", "my-rule", ("TRK201",))
    assert [*rule.candidates(None)] == ["a.py"]
    assert [*rule.check("a.py", None)] == [FOUND]
    assert rule.triggers(None) == ["word"]


def test_a_rule_without_examples_works_as_well():
    bare = {"code": "ABC100", "name": "my-rule", "candidates": lambda self, project: ["a.py"]}
    rule: Any = GuardedRule(type("Bare", (), bare)(), "rule 'ABC100 my-rule' of x")
    assert (rule.code, rule.candidates(None)) == ("ABC100", ["a.py"])


def test_it_has_no_more_than_the_rule_has(guarded):
    assert not hasattr(guarded(), "places")
    assert not hasattr(guarded(), "asks_known")


@pytest.mark.parametrize(
    "method, arguments, place",
    [
        ("candidates", (None,), ""),
        ("check", ("pkg/a.py", None), " on pkg/a.py"),
        ("triggers", (None,), ""),
        ("places", (None,), ""),
    ],
)
def test_what_it_raises_is_an_error_of_one_line_that_says_whose_and_where(
    guarded, method, arguments, place
):
    def fail(self, *_):
        raise KeyError("two\nlines")

    rule = guarded(**{method: fail})
    with pytest.raises(RuleError) as caught:
        [*getattr(rule, method)(*arguments)]
    line = fail.__code__.co_firstlineno + 1
    assert str(caught.value) == (
        f"rule 'ABC100 my-rule' of x fails{place}: KeyError: 'two\\nlines' "
        f"(test_guarded_rule.py, line {line}); mend the rule, or ignore it"
    )


def test_one_that_fails_after_its_first_finding_fails_too(guarded):
    def check(self, path, project):
        yield FOUND
        raise ValueError("two\nlines")

    with pytest.raises(RuleError, match=r"ValueError: two lines \("):
        [*guarded(check=check).check("a.py", None)]


def test_what_is_no_finding_is_an_error(guarded):
    rule = guarded(check=lambda self, path, project: ["a.py:1"])
    with pytest.raises(RuleError, match=r"yields str instead of Finding on a\.py$"):
        [*rule.check("a.py", None)]


@pytest.mark.parametrize("error", [SourceError("bad", 3), ConfigError("bad"), RecursionError()])
def test_what_is_wrong_with_a_file_or_a_setting_is_not_its_failure(guarded, error):
    rule = guarded(check=failing(error))
    with pytest.raises(type(error)) as caught:
        [*rule.check("a.py", None)]
    assert caught.value is error
