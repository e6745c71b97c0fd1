"""The option ``--rule-set`` of ``trackfix lint``."""

import pytest


@pytest.fixture
def lint(trackfix, tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "a.py").write_text(
        "import mlflow\ndef make(): return mlflow.MlflowClient()\nclient = mlflow.MlflowClient()\n"
    )
    monkeypatch.chdir(tmp_path)
    return lambda *options: trackfix("lint", "--output-format", "concise", *options)


def test_a_rule_runs_in_the_sets_that_it_is_in(lint):
    assert "TRK201" in lint().stdout
    assert "TRK201" in lint("--rule-set", "recommended").stdout
    assert "TRK201" in lint("--rule-set", "strict").stdout
    assert lint("--rule-set", "migration").exit_code == 0


def test_a_set_that_is_not_there_is_a_usage_error(lint):
    done = lint("--rule-set", "all")
    assert done.exit_code == 2
    assert "'recommended', 'strict', 'migration'" in done.stderr
