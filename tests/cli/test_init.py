"""``trackfix init``."""

import pytest
import yaml

from trackfix.project.settings.config import load_config


def test_settings_and_a_hook_are_written_and_all_else_stays(trackfix, tree):
    before = (tree / "pyproject.toml").read_text()
    done = trackfix("init", tree)
    assert done.exit_code == 0
    assert done.stdout == "Wrote pyproject.toml.\nWrote .pre-commit-config.yaml.\n"
    after = (tree / "pyproject.toml").read_text()
    assert after.startswith(before + "\n[tool.trackfix]\n")
    assert "lib.old" in after
    assert load_config(tree).src == (".",)
    hooks = yaml.safe_load((tree / ".pre-commit-config.yaml").read_text())
    assert hooks["repos"][0]["hooks"][0]["entry"] == "trackfix lint"
    assert trackfix("lint", tree).exit_code == 1


def test_a_second_run_changes_nothing_and_says_so(trackfix, tree):
    trackfix("init", tree)
    before = [(tree / name).read_bytes() for name in ("pyproject.toml", ".pre-commit-config.yaml")]
    done = trackfix("init", tree)
    assert done.exit_code == 0
    assert done.stdout == (
        "pyproject.toml has a [tool.trackfix] already; --force replaces it.\nNothing to write.\n"
    )
    assert trackfix("init", "--force", tree).stdout == "Nothing to write.\n"
    after = [(tree / name).read_bytes() for name in ("pyproject.toml", ".pre-commit-config.yaml")]
    assert before == after


def test_force_replaces_settings_even_those_that_are_wrong(trackfix, tree):
    path = tree / "pyproject.toml"
    path.write_text(path.read_text() + "[tool.trackfix]\nnonsense = 1\n[tool.x]\na = 1\n")
    assert trackfix("init", "--force", tree).exit_code == 0
    text = path.read_text()
    assert "nonsense" not in text
    assert text.endswith('rule-set = "recommended"\n[tool.x]\na = 1\n')


def test_diff_writes_nothing(trackfix, tree):
    before = (tree / "pyproject.toml").read_bytes()
    done = trackfix("init", "--diff", tree)
    assert done.exit_code == 0
    assert "+[tool.trackfix]\n" in done.stdout
    assert "+      - id: trackfix\n" in done.stdout
    assert (tree / "pyproject.toml").read_bytes() == before
    assert not (tree / ".pre-commit-config.yaml").exists()


def test_the_hook_can_be_left_out(trackfix, tree):
    assert trackfix("init", "--no-pre-commit", tree).stdout == "Wrote pyproject.toml.\n"
    assert not (tree / ".pre-commit-config.yaml").exists()


@pytest.mark.parametrize(
    "name, text, message",
    [
        ("pyproject.toml", "[", "pyproject.toml: is no TOML: "),
        ("pyproject.toml", "tool = {}\n", "pyproject.toml: has its settings in a form that can't"),
        (".pre-commit-config.yaml", "repos: []\n", ".pre-commit-config.yaml: has no plain list"),
    ],
)
def test_a_file_that_can_not_be_added_to_is_one_line_and_nothing_is_written(
    trackfix, tree, name, text, message
):
    (tree / name).write_text(text)
    before = (tree / "pyproject.toml").read_bytes()
    done = trackfix("init", tree)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"trackfix: {message}")
    assert done.stderr.count("\n") == 1
    assert (tree / "pyproject.toml").read_bytes() == before


def test_a_project_without_settings_of_any_kind_gets_them(trackfix, tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.py").write_text("x = 1\n")
    assert trackfix("init", tmp_path).exit_code == 0
    assert (tmp_path / "pyproject.toml").read_text().startswith("[tool.trackfix]\n")
