"""Paths: what is given is believed, and only None is inferred."""

from pathlib import Path

import pytest

from trackfix.tracking import (
    ConfigError,
    infer_config_dir_from_path,
    resolve_project_paths_with_fallback,
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "config").mkdir()
    (tmp_path / "outputs" / "hpo" / "run-1").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_nearest_config_folder_above_is_found(project):
    assert infer_config_dir_from_path(project / "outputs" / "hpo" / "run-1") == project / "config"
    nearer = project / "outputs" / "config"
    nearer.mkdir()
    assert infer_config_dir_from_path("outputs/hpo/run-1") == nearer


def test_the_folder_need_not_exist_yet(project):
    assert infer_config_dir_from_path("outputs/not/yet/there") == project / "config"


def test_a_file_of_that_name_is_no_config_folder(project):
    (project / "outputs" / "config").write_text("")
    assert infer_config_dir_from_path("outputs") == project / "config"


def test_without_a_path_the_current_folder_is_the_start(project, monkeypatch):
    assert infer_config_dir_from_path() == project / "config"
    monkeypatch.chdir(project / "outputs")
    assert infer_config_dir_from_path(None) == project / "config"


def test_it_may_have_another_name(project):
    (project / "conf").mkdir()
    assert infer_config_dir_from_path(project / "outputs", name="conf") == project / "conf"
    assert infer_config_dir_from_path(project, name="no-such-folder-anywhere") is None
    with pytest.raises(ConfigError):
        infer_config_dir_from_path(project, name="")


def test_a_config_dir_that_is_given_is_believed_even_if_it_does_not_exist(project):
    given = project / "elsewhere" / "settings"
    assert resolve_project_paths_with_fallback(project / "outputs", given) == (
        project / "elsewhere",
        given,
    )


def test_a_relative_config_dir_stays_as_it_is_given(project):
    assert resolve_project_paths_with_fallback(None, "config") == (project, Path("config"))


def test_only_none_is_inferred(project):
    inferred = resolve_project_paths_with_fallback("outputs/hpo", None)
    assert inferred == (project, project / "config")


def test_nothing_found_is_said_and_not_guessed(project, monkeypatch):
    (project / "config").rmdir()
    assert resolve_project_paths_with_fallback(project / "outputs", None) == (None, None)
