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


@pytest.mark.parametrize("module", ["cli", "cli.scan", "cli.resolve", "cli.apply", "cli.undo"])
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
