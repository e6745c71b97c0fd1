"""What holds of every rule: its examples, its page, and what it may load."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from trackfix.lint.pages import HEADINGS, read_page, sections
from trackfix.lint.registry import available_rules
from trackfix.project.project import open_project

RULES = [entry for entry in available_rules() if not entry.is_built_in]
EXAMPLES = [
    pytest.param(entry, kind, number, id=f"{entry.code}-{kind}-{number}")
    for entry in RULES
    for kind in ("good", "bad")
    for number in range(len(getattr(entry.load(), kind)))
]
EVERY = [pytest.param(entry, id=entry.code) for entry in available_rules()]


def source_of(entry):
    return Path(inspect.getfile(type(entry.load())))


def open_example(example, root):
    for path, text in example.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return open_project(root)


def marked(example):
    return {
        (path, number)
        for path, text in example.items()
        for number, line in enumerate(text.splitlines(), 1)
        if "# found" in line
    }


@pytest.mark.parametrize("entry, kind, number", EXAMPLES)
def test_findings_start_on_the_marked_lines_of_bad_examples_and_nowhere_else(
    entry, kind, number, tmp_path, findings
):
    rule = entry.load()
    example = getattr(rule, kind)[number]
    found = findings(rule, open_example(example, tmp_path))
    expected = marked(example) if kind == "bad" else set()
    assert {(finding.path, finding.line) for finding in found} == expected
    assert {(finding.code, finding.name) for finding in found} <= {(entry.code, entry.name)}
    assert kind == "good" or expected


@pytest.mark.parametrize("entry, kind, number", EXAMPLES)
def test_a_finding_is_one_line_and_its_span_is_in_the_file(entry, kind, number, tmp_path, findings):
    rule = entry.load()
    example = getattr(rule, kind)[number]
    for finding in findings(rule, open_example(example, tmp_path)):
        lines = example[finding.path].split("\n")
        assert "\n" not in finding.message
        assert finding.message.strip()
        assert 1 <= finding.line <= finding.end_line <= len(lines)
        assert 1 <= finding.column <= finding.end_column <= len(lines[finding.end_line - 1]) + 1
        assert all(related.path in example for related in finding.related)


@pytest.mark.parametrize("entry", EVERY)
def test_a_rule_has_good_and_bad_examples_that_are_python(entry):
    rule = entry.load()
    assert rule.good
    assert rule.bad
    for example in (*rule.good, *(rule.bad if entry.code != "TRK000" else ())):
        for path, text in example.items():
            if path.endswith(".py"):
                ast.parse(text)


@pytest.mark.parametrize("entry", EVERY)
def test_a_page_names_its_rule_and_has_every_heading_in_order(entry):
    found = read_page(entry)
    assert found.text.startswith(f"{entry.code} {entry.name}: ")
    assert found.summary
    parts = sections(found.text)
    assert tuple(parts) == HEADINGS
    assert all(parts.values())


@pytest.mark.parametrize("entry", RULES)
def test_a_page_names_the_codemod_of_the_fixes(entry, tmp_path, findings):
    rule = entry.load()
    codemods = {
        finding.fix.codemod
        for number, example in enumerate(rule.bad)
        for finding in findings(rule, open_example(example, tmp_path / str(number)))
        if finding.fix is not None
    }
    assert codemods <= {read_page(entry).fix}


@pytest.mark.parametrize("entry", EVERY)
def test_a_rule_is_one_short_file(entry):
    lines = source_of(entry).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 140


@pytest.mark.parametrize("entry", RULES)
def test_a_rule_imports_the_interfaces_only(entry):
    tree = ast.parse(source_of(entry).read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    ours = {name for name in modules if name.startswith("trackfix")}
    assert all(name.startswith(("trackfix.lint.", "trackfix.project.")) for name in ours)
    assert {name.partition(".")[0] for name in modules - ours} <= {
        "__future__",
        *sys.stdlib_module_names,
    }


@pytest.mark.parametrize("entry", EVERY)
def test_importing_a_rule_loads_nothing_heavy(entry):
    module = entry.source.value.partition(":")[0]
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"libcst", "click", "rich", "mlflow", "trackfix_codemods"}
