"""Small projects under the eyes of one rule."""

import textwrap

import pytest

from trackfix.lint.registry import available_rules
from trackfix.lint.rule import LintProject
from trackfix.project.project import open_project


@pytest.fixture(scope="session")
def findings():
    """All findings of a rule in a project; its candidates must hold every file that has one."""

    def run(rule, project):
        shared = LintProject(project)
        candidates = set(rule.candidates(shared))
        words = rule.triggers(shared) if hasattr(rule, "triggers") else None
        found = []
        for path in project.facts:
            inside = list(rule.check(path, shared))
            assert path in candidates or not inside, f"{path} is no candidate"
            triggered = words is None or any(w.encode() in project.read(path) for w in words)
            assert triggered or not inside, f"{path} has no trigger"
            placed = not hasattr(rule, "places") or path in rule.places(shared)
            assert placed or not inside, f"{path} is none of the places"
            found += inside
        return sorted(found, key=lambda finding: finding.place)

    return run


@pytest.fixture(scope="session")
def rule_of():
    """The rule with a code."""
    return lambda code: next(entry for entry in available_rules() if entry.code == code).load()


@pytest.fixture
def check(tmp_path, findings, rule_of):
    """The findings of one rule in a tree (path -> source), by place."""

    def run(code, tree):
        for path, source in tree.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(textwrap.dedent(source).lstrip("\n"), encoding="utf-8")
        return findings(rule_of(code), open_project(tmp_path))

    return run
