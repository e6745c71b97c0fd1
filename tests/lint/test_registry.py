import subprocess
import sys

import pytest

from trackfix.lint import registry
from trackfix.lint.registry import RuleError, available_rules
from trackfix.source.entry_points import find_entry_points

# The rules that are installed


def test_all_rules_are_there_by_code_with_those_that_are_built_in():
    found = [(entry.code, entry.name) for entry in available_rules()]
    assert found == sorted(found)
    assert found[:3] == [
        ("TRK000", "syntax-error"),
        ("TRK001", "unused-ignore"),
        ("TRK101", "shim-import"),
    ]
    assert [entry.code for entry in available_rules() if entry.is_built_in] == ["TRK000", "TRK001"]


@pytest.mark.parametrize("entry", available_rules(), ids=lambda entry: entry.code)
def test_a_rule_is_what_it_is_announced_as(entry):
    rule = entry.load()
    assert (rule.code, rule.name) == (entry.code, entry.name)


def test_a_rule_that_is_not_loaded_is_not_imported():
    code = (
        "from trackfix.lint.registry import available_rules; import sys; available_rules();"
        "print(*[m for m in sys.modules if m.startswith(('trackfix_rules', 'importlib.metadata'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


# What others install


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a distribution with entry points on the path, and gives the rules there are then."""

    def run(*lines, name="third_party", module=""):
        metadata = tmp_path / f"{name}-1.0.dist-info"
        metadata.mkdir(exist_ok=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text("[trackfix.rules]\n" + "\n".join(lines) + "\n")
        (tmp_path / f"{name}.py").write_text(module)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, name, raising=False)
        return registry._entries(find_entry_points("trackfix.rules"))

    return run


def by_code(entries, code):
    return next(entry for entry in entries if entry.code == code)


def test_a_rule_of_another_package_is_found_and_loaded(install):
    module = "class R:\n    code, name = 'ABC100', 'my-rule'\n\nRULE = R()\n"
    entry = by_code(install("ABC100 my-rule = third_party:RULE", module=module), "ABC100")
    assert entry.load().name == "my-rule"
    assert entry.default
    assert not entry.is_built_in


def test_the_word_off_makes_a_rule_one_that_must_be_selected(install):
    assert not by_code(install("ABC100 my-rule off = third_party:RULE"), "ABC100").default


@pytest.mark.parametrize(
    "line",
    ["my-rule = m:RULE", "ABC100 = m:R", "abc100 my-rule = m:R", "ABC100 My_Rule = m:R",
     "ABC100 my-rule on = m:R"],
)  # fmt: skip
def test_a_rule_that_is_announced_wrongly_is_an_error_that_says_how(install, line):
    with pytest.raises(RuleError, match="such as 'ABC101 some-rule'") as caught:
        install(line)
    assert "of third-party" in str(caught.value)


@pytest.mark.parametrize(
    "lines, key",
    [
        (["TRK101 my-rule = m:R"], "TRK101"),
        (["ABC100 shim-import = m:R"], "shim-import"),
        (["TRK000 my-rule = m:R"], "TRK000"),
        (["ABC100 one = m:R", "ABC100 two = m:R"], "ABC100"),
    ],
)
def test_two_rules_with_one_code_or_name_are_an_error_that_names_both(install, lines, key):
    with pytest.raises(RuleError, match=f"^rule '.*' .* of .* and rule '.*' .* of .* share {key}$"):
        install(*lines)


@pytest.mark.parametrize(
    "module, reason",
    [
        ("", "AttributeError: module 'third_party' has no attribute 'RULE'"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise ValueError('two\\nlines')", "ValueError: two lines"),
        ("1 +", "SyntaxError: "),
    ],
)
def test_a_rule_that_can_not_be_imported_is_an_error_of_one_line(install, module, reason):
    entry = by_code(install("ABC100 my-rule = third_party:RULE", module=module), "ABC100")
    with pytest.raises(RuleError) as caught:
        entry.load()
    message = str(caught.value)
    start = "rule 'ABC100 my-rule' (third_party:RULE) of third-party can't be loaded: "
    assert message.startswith(start + reason)
    assert "\n" not in message


def test_a_rule_that_calls_itself_something_else_is_an_error(install):
    module = "class R:\n    code, name = 'ABC200', 'my-rule'\n\nRULE = R()\n"
    entry = by_code(install("ABC100 my-rule = third_party:RULE", module=module), "ABC100")
    with pytest.raises(RuleError, match="calls itself ABC200 my-rule"):
        entry.load()
