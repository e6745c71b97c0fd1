"""What is found of a project for its first settings."""

import textwrap

import pytest

from trackfix.project.modules.resolution import Resolver
from trackfix.project.run_logic.duplicates import Duplicates
from trackfix.project.settings.config import load_config
from trackfix.project.settings_draft import as_toml, draft_settings

FINDER = """
    def newest(client, name):
        '''The newest run; the single source of truth.'''
        experiment = client.get_experiment_by_name(name)  # mlflow
        runs = client.search_runs([experiment.experiment_id], order_by=["start_time DESC"])
        return runs[0].info.run_id
"""


def d(source):
    return textwrap.dedent(source)


def groups_of(project):
    return Duplicates(project, Resolver(project)).groups


def copies_in(groups):
    return [(copy.fragment, copy.truth.home) for group in groups for copy in group.copies]


TREE = {
    "pyproject.toml": "[project]\nname = 'p'\n",
    "src/pkg/__init__.py": "",
    "src/pkg/client.py": "import mlflow\ndef make(): return mlflow.MlflowClient()\n",
    "src/pkg/finder.py": FINDER,
    "src/pkg/copied.py": FINDER.replace("def newest", "def find").replace(
        "single source of truth", "run"
    ),
    "src/pkg/old.py": '"""Deprecated."""\nfrom pkg.client import make\n',
    "src/pkg/paths.py": "",
    "src/pkg/hpo/__init__.py": "",
    "src/pkg/hpo/runs.py": "",
    "scripts/train.py": "from pkg.client import make\nmake()\n",
}


@pytest.fixture
def draft(tree):
    return lambda files: draft_settings(tree(files))


def test_roots_factory_truths_layers_and_shims_are_found(draft):
    found = draft(TREE)
    assert "src" in found.roots
    assert found.factory is not None
    assert found.factory.value == "pkg.client:make"
    assert {job: each.value for job, each in found.truths.items()} == {
        "find-run": "pkg.finder:newest"
    }
    assert found.layers == {
        "infrastructure": ("pkg.paths",),
        "domain": ("pkg.hpo",),
        "scripts": ("scripts",),
    }
    assert [shim.value for shim in found.shims] == ["pkg.old"]


BY_TAG = """
    def find_by_tag(client, name, key, value):
        found = client.get_experiment_by_name(name)  # mlflow
        if not found:
            return None
        hits = client.search_runs([found.experiment_id], f"tags.{key} = '{value}'")
        return hits[0].info.run_id if hits else None
"""


def test_of_two_sources_of_truth_for_a_job_none_becomes_a_setting(draft, tree):
    callers = "from pkg.finder import find_by_tag, newest\ndef use(): newest(), find_by_tag()\n"
    files = {
        **TREE,
        "src/pkg/finder.py": d(FINDER) + d(BY_TAG),
        "src/pkg/other.py": BY_TAG.replace("find_by_tag(", "by_tag("),
        "src/pkg/use.py": callers,
    }
    assert len({g.truth.home for g in groups_of(tree(files))}) == 2
    assert draft(files).truths == {}


def test_what_is_written_changes_no_finding(draft, tree):
    files = dict(TREE)
    before = groups_of(tree(files))
    files["pyproject.toml"] += as_toml(draft(files))
    after = groups_of(tree(files))
    assert [g.truth.chosen for g in after] == ["named by the setting sources-of-truth"]
    assert copies_in(after) == copies_in(before) != []


def test_the_text_is_a_table_that_can_be_read_and_says_why(draft, tmp_path):
    text = as_toml(draft(TREE))
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    config = load_config(tmp_path)
    assert config.client_factory == "pkg.client:make"
    assert config.sources_of_truth == {"find-run": "pkg.finder:newest"}
    assert config.layers == {}
    assert config.rule_set == "recommended"
    assert "single source of truth" in text
    assert "#   pkg.old: line 1" in text


def test_layers_are_right_as_soon_as_the_comment_sign_goes(draft, tmp_path):
    text = as_toml(draft(TREE)).replace("# layers.", "layers.")
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert tuple(load_config(tmp_path).layers) == ("infrastructure", "domain", "scripts")


def test_of_an_empty_project_only_the_root_is_known(draft):
    found = draft({"pyproject.toml": "", "a.py": "x = 1\n"})
    assert (found.roots, found.factory, found.truths) == ((".",), None, {})
    assert (found.layers, found.shims) == ({}, ())


def test_a_layer_without_another_is_not_worth_a_word(draft):
    assert draft({"pyproject.toml": "", "pkg/paths.py": ""}).layers == {}
