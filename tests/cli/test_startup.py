import os
import subprocess
import sys

import pytest

HEAVY = ("libcst", "mlflow", "rich", "trackfix_rules", "trackfix_codemods")


def modules_loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}


@pytest.mark.parametrize(
    "module", ["cli", "cli.scan", "cli.resolve", "cli.apply", "cli.undo", "cli.init", "cli.report"]
)
def test_importing_a_command_loads_nothing_heavy(module):
    assert not modules_loaded_by(f"import trackfix.{module}") & set(HEAVY)


def test_a_scan_loads_no_libcst(tree):
    code = (
        "from click.testing import CliRunner\nfrom trackfix.cli import cli\n"
        f"print(CliRunner().invoke(cli, ['scan', {str(tree)!r}]).exit_code)"
    )
    assert not modules_loaded_by(code) & set(HEAVY)


def test_an_unknown_command_is_an_error_with_a_suggestion(trackfix):
    done = trackfix("aply")
    assert done.exit_code == 2
    assert "Did you mean 'apply'?" in done.stderr


def lint(root, *arguments):
    return (
        "import sys\nfrom trackfix.cli import cli\n"
        f"code = cli(['lint', *{[*map(str, arguments)]!r}, {str(root)!r}], standalone_mode=False)"
    )


def loaded_fully(code):
    """The modules by their whole names, of a process that leaves a marker behind its output."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nprint('loaded', *sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.fixture
def old_tree(tree):
    for path in tree.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return tree


def test_importing_lint_loads_nothing_heavy():
    assert not modules_loaded_by("import trackfix.cli.lint") & set(HEAVY)


@pytest.mark.parametrize("output_format", ["text", "concise", "json"])
def test_a_lint_from_the_cache_loads_no_rule_and_parses_nothing(old_tree, output_format):
    lines = ["--output-format", output_format]
    cold = loaded_fully(lint(old_tree, *lines))
    warm = loaded_fully(lint(old_tree, *lines))
    assert "trackfix_rules.shim_import" in cold
    assert not {name.partition(".")[0] for name in warm} & set(HEAVY)
    assert not warm & {"trackfix.project.facts.collect", "trackfix.lint.runner"}


@pytest.mark.parametrize("clean", [True, False])
def test_a_lint_without_the_cache_loads_no_libcst(old_tree, clean):
    if clean:
        (old_tree / "app.py").write_text("from lib.home import f\n")
        (old_tree / "lib/old.py").write_text("")
    loaded = loaded_fully(lint(old_tree, "--no-cache"))
    assert not {name.partition(".")[0] for name in loaded} & {
        "libcst", "mlflow", "rich", "trackfix_codemods"
    }  # fmt: skip


def test_a_clean_lint_from_the_cache_reads_no_file_as_python(old_tree):
    (old_tree / "app.py").write_text("from lib.home import f\n")
    (old_tree / "lib/old.py").write_text("")
    for path in ("app.py", "lib/old.py"):
        os.utime(old_tree / path, (1_700_000_000, 1_700_000_000))
    loaded_fully(lint(old_tree))
    warm = loaded_fully(lint(old_tree))
    assert not warm & {"trackfix.project.facts.collect", "trackfix.lint.runner", "trackfix_rules"}


def test_an_answer_from_memory_loads_no_command_line(old_tree):
    loaded = loaded_fully(
        f"import os, sys; os.chdir({str(old_tree)!r})\n"
        "from trackfix import __main__ as entry\n"
        "from trackfix.lint.answers import recall\n"
        "assert recall(['lint']) is None"
    )
    assert not loaded & {"click", "json", "hashlib", "dataclasses", "subprocess", "trackfix.cli"}


def test_rules_that_can_not_be_imported_any_more_are_not_missed_on_a_warm_cache(old_tree):
    loaded_fully(lint(old_tree))
    block = "import sys\nsys.modules['trackfix_rules'] = None\n"
    loaded_fully(block + lint(old_tree) + "\nassert code == 1, code")
    loaded_fully(block + lint(old_tree, "--no-cache") + "\nassert code == 2, code")
