import json
from pathlib import Path

import jsonschema
import pytest

from trackfix.lint import registry
from trackfix.lint.registry import RuleEntry
from trackfix.source.entry_points import AnnouncedObject

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "rules.json"


def test_rules_are_listed_one_a_line_with_what_mends_them(trackfix):
    done = trackfix("rules")
    assert done.exit_code == 0
    lines = {line.split()[0]: line.split() for line in done.stdout.splitlines()}
    assert lines["TRK101"][1] == "shim-import"
    assert lines["TRK101"][-1] == "rewrite-imports"
    assert lines["TRK102"][-1] == "-"
    assert lines["TRK103"][-1] == "remove-shims"
    assert list(lines)[:3] == ["code", "TRK000", "TRK001"]


def test_the_json_has_the_shape_of_its_schema_and_the_whole_pages(trackfix):
    answer = json.loads(trackfix("rules", "--format", "json").stdout)
    jsonschema.validate(answer, json.loads(SCHEMA.read_text()))
    rules = {rule["code"]: rule for rule in answer["rules"]}
    assert rules["TRK101"]["fix"] == "rewrite-imports"
    assert rules["TRK102"]["fix"] is None
    assert "## Fix safety" in rules["TRK101"]["page"]
    assert rules["TRK101"]["default"]
    assert rules["TRK101"]["sets"] == ["recommended", "strict", "migration"]
    assert rules["TRK201"]["sets"] == ["recommended", "strict"]


@pytest.fixture
def broken(monkeypatch):
    source = AnnouncedObject("ABC100 my-rule off", "no_such_module:RULE", "third-party")
    entries = (*registry.available_rules(), RuleEntry("ABC100", "my-rule", False, False, source))
    monkeypatch.setattr(registry, "available_rules", lambda: entries)


@pytest.mark.parametrize("arguments", [["rules"], ["explain", "ABC100"]])
@pytest.mark.usefixtures("broken")
def test_a_rule_that_can_not_be_loaded_is_one_line_and_exit_code_2(trackfix, arguments):
    done = trackfix(*arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith("trackfix: rule 'ABC100 my-rule off' (no_such_module:RULE) of")
    assert done.stderr.count("\n") == 1


@pytest.mark.usefixtures("broken")
def test_a_broken_rule_does_not_keep_others_from_being_explained(trackfix):
    assert trackfix("explain", "TRK101").exit_code == 0


def test_the_table_says_which_sets_a_rule_is_in(trackfix):
    lines = {line.split()[0]: line for line in trackfix("rules").stdout.splitlines()}
    assert "  recommended, strict, migration  " in lines["TRK101"]
    assert "  recommended, strict  " in lines["TRK201"]
