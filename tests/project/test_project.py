"""Which file an import means, for whom."""

import gc
import weakref

import pytest

from trackfix.project.meaning.meanings import Meanings
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import absolute, open_project

UTILS = "def f(): pass\n"


class TestLibraries:
    """Files and folders of a project may be named like a library that is meant."""

    @pytest.mark.parametrize("source", [
        "import mlflow\nmlflow.log_metric('a', 1)\n",
        "import mlflow as m\nm.log_metric('a', 1)\n",
        "import mlflow\n",
        "from mlflow import log_metric\n",
        "import mlflow.sklearn\n",
        "import mlflow\nimport mlflow.pyfunc\nfrom mlflow.tracking import MlflowClient\n",
        "import mlflow.train\nimport mlflow.sklearn\n",
    ])  # fmt: skip
    @pytest.mark.parametrize("importer", ["main.py", "mlflow/other.py", "tests/test_a.py"])
    def test_a_folder_without_init_captures_no_library(self, resolver, source, importer):
        answers = resolver({"mlflow/train.py": UTILS, importer: source})
        assert answers.project.find("mlflow", importer) is None
        assert answers.module("mlflow", importer).status == "external"
        assert answers.resolve("mlflow", "log_metric", importer).status == "external"

    @pytest.mark.parametrize("source", [
        "import mlflow\nmlflow.log_metric('a', 1)\n",
        "from mlflow import log_metric\n",
        "from mlflow.tracking import MlflowClient\n",
    ])  # fmt: skip
    @pytest.mark.parametrize("folder", ["", "scripts/"])
    def test_a_file_beside_the_importer_captures_no_library(self, resolver, source, folder):
        files = {f"{folder}mlflow.py": "def main(): pass\n", f"{folder}train.py": source}
        answers = resolver(files)
        assert answers.module("mlflow", f"{folder}train.py").status == "external"

    def test_a_file_that_others_use_is_no_library(self, resolver):
        answers = resolver({
            "helpers.py": UTILS, "one.py": "from helpers import f\n",
            "two.py": "from helpers import gone\n",
        })  # fmt: skip
        assert answers.resolve("helpers", "gone", "two.py").status == "missing"

    @pytest.mark.parametrize("folder", ["", "scripts/"])
    def test_a_file_does_not_import_itself(self, resolver, folder):
        path = f"{folder}mlflow.py"
        answers = resolver({path: "import mlflow\ndef log(): mlflow.log_metric('a', 1)\n"})
        assert answers.module("mlflow", path).status == "external"

    def test_a_comment_or_a_string_is_no_use(self, resolver):
        source = "import helpers\n# see helpers.py\nx = 'helpers.cfg'\nhelpers.f()\n"
        answers = resolver({"helpers.py": UTILS, "main.py": source})
        assert answers.module("helpers", "main.py").status == "certain"

    @pytest.mark.parametrize("source", ["import queue\n", "from types import ModuleType\n"])
    def test_the_standard_library_is_not_captured(self, resolver, source):
        answers = resolver({"queue.py": UTILS, "types.py": UTILS, "main.py": source})
        for name in ("queue", "types"):
            if name in source:
                assert answers.module(name, "main.py").status == "external"

    def test_a_package_named_like_the_standard_library_can_be_meant(self, resolver):
        answers = resolver({
            "test/__init__.py": "", "test/helpers.py": UTILS,
            "test/test_a.py": "from test.helpers import f\n",
        })  # fmt: skip
        assert answers.resolve("test.helpers", "f", "test/test_a.py").status == "certain"

    def test_a_module_below_a_package_is_missing_rather_than_outside(self, resolver):
        answers = resolver({"pkg/__init__.py": "", "main.py": "import pkg.gone\n"})
        assert answers.module("pkg.gone", "main.py").status == "missing"


class TestNamespaces:
    def test_folders_without_init_are_packages_when_their_modules_are_imported(self, resolver):
        answers = resolver({
            "ns/part/mod.py": UTILS, "main.py": "import ns.part.mod\nfrom ns.part import mod\n",
        })  # fmt: skip
        assert answers.resolve("ns.part.mod", "f", "main.py").home == "ns.part.mod:f"
        assert answers.resolve("ns.part", "mod", "main.py").home == "ns.part.mod"
        assert answers.project.find("ns.part", "main.py").path == ""

    def test_a_module_that_makes_names_when_asked_has_any_of_them(self, resolver):
        old = "def __getattr__(name): return vars(home)[name]\n"
        files = {"pkg/old.py": old, "app.py": "from pkg.old import made_later\n"}
        assert resolver(files).module("pkg.old", "app.py").path == "pkg/old.py"

    def test_a_namespace_may_have_parts_under_several_roots(self, tree):
        project = tree({
            "one/pyproject.toml": "", "one/src/ns/a.py": "", "two/pyproject.toml": "",
            "two/src/ns/b.py": "",
        })  # fmt: skip
        assert project.find("ns.a").path == "one/src/ns/a.py"
        assert project.find("ns.b").path == "two/src/ns/b.py"

    def test_a_package_hides_a_module_of_its_name(self, tree):
        project = tree({"a.py": "", "a/__init__.py": ""})
        assert project.find("a").path == "a/__init__.py"


class TestMonorepo:
    FILES = {
        f"{name}/{path}": source
        for name in ("one", "two")
        for path, source in {
            "pyproject.toml": "",
            "utils.py": UTILS,
            "main.py": "from utils import f\n",
            "tests/__init__.py": "",
            "tests/helpers.py": UTILS,
            "tests/test_main.py": "from utils import f\nfrom tests.helpers import f\n",
        }.items()
    }

    @pytest.mark.parametrize("name", ["one", "two"])
    @pytest.mark.parametrize("path", ["main.py", "tests/test_main.py"])
    def test_each_project_means_its_own_modules(self, tree, name, path):
        project = tree(self.FILES)
        assert project.find("utils", f"{name}/{path}").path == f"{name}/utils.py"
        found = project.find("tests.helpers", f"{name}/tests/test_main.py")
        assert found.path == f"{name}/tests/helpers.py"

    def test_an_outsider_means_neither(self, resolver):
        answers = resolver({**self.FILES, "run.py": "from utils import f\n"})
        assert answers.project.find("utils", "run.py") is None
        found = answers.resolve("utils", "f", "run.py")
        assert (found.status, found.movable) == ("conditional", False)
        assert "several files" in found.obstacle


class TestScripts:
    def test_a_script_means_the_file_beside_it(self, tree):
        project = tree({
            "scripts/run.py": "from helpers import f\n", "scripts/helpers.py": UTILS,
            "other/run.py": "from helpers import f\n", "other/helpers.py": UTILS,
        })  # fmt: skip
        for folder in ("scripts", "other"):
            assert project.find("helpers", f"{folder}/run.py").path == f"{folder}/helpers.py"

    def test_a_test_in_a_package_means_files_beside_its_top(self, tree):
        project = tree({
            "tests/unit/__init__.py": "", "tests/unit/test_a.py": "from common import f\n",
            "tests/common.py": UTILS,
        })  # fmt: skip
        assert project.find("common", "tests/unit/test_a.py").path == "tests/common.py"

    def test_the_file_that_has_the_names_is_meant(self, tree):
        project = tree({
            "utils.py": "def g(): pass\n", "scripts/utils.py": UTILS,
            "scripts/run.py": "from utils import g\n", "scripts/go.py": "from utils import f\n",
        })  # fmt: skip
        assert project.find("utils", "scripts/run.py").path == "utils.py"
        assert project.find("utils", "scripts/go.py").path == "scripts/utils.py"

    def test_two_files_that_both_have_the_names_are_unclear(self, resolver):
        answers = resolver({
            "utils.py": UTILS, "scripts/utils.py": UTILS, "scripts/run.py": "from utils import f\n",
        })  # fmt: skip
        assert answers.project.find("utils", "scripts/run.py") is None
        assert not answers.resolve("utils", "f", "scripts/run.py").movable

    def test_a_file_does_not_import_itself_even_if_others_import_it(self, tree):
        project = tree({"tool.py": "import tool\ndef f(): pass\n", "a.py": "from tool import f\n"})
        assert project.find("tool", "a.py").path == "tool.py"

    def test_a_package_member_does_not_mean_its_neighbour(self, tree):
        project = tree({"pkg/__init__.py": "", "pkg/a.py": "import b\n", "pkg/b.py": ""})
        assert project.find("b", "pkg/a.py") is None


def test_a_flat_project_is_not_parsed_again_for_its_own_package(tree, monkeypatch):
    project = tree({
        "pkg/__init__.py": UTILS, "a.py": "import pkg\npkg.f()\n", "b.py": "import pkg\n",
    })  # fmt: skip
    monkeypatch.setattr(project, "read", lambda path: pytest.fail(f"{path} is read again"))
    assert {project.find("pkg", path).path for path in ("a.py", "b.py")} == {"pkg/__init__.py"}


class TestReading:
    def test_a_broken_file_is_a_problem_and_the_rest_is_read(self, tree):
        project = tree({"bad.py": "x = (\n", "good.py": "y = 1\n"})
        assert list(project.facts) == ["good.py"]
        assert [(p.path, p.line) for p in project.problems] == [("bad.py", 1)]

    def test_an_overlay_shows_the_project_after_an_edit(self, tree):
        project = tree({"a.py": "x = 1\n", "b.py": "y = 1\n", "bad.py": "(\n"})
        edited = project.overlaid({"a.py": b"z = 1\n", "b.py": None})
        assert set(edited.facts["a.py"].bindings) == {"z"}
        assert edited.find("b") is None
        assert project.find("b") is not None
        assert [p.path for p in edited.problems] == ["bad.py"]
        assert edited.overlaid({}).read("a.py") == b"z = 1\n"

    def test_the_texts_that_were_asked_for_last_are_kept(self, tree, monkeypatch):
        monkeypatch.setattr("trackfix.project.project._KEPT_CHARACTERS", 12)
        project = tree({"a.py": "x = 1\n", "b.py": "x = 2\n", "c.py": "x = 3\n"})
        first, second = project.document("a.py"), project.document("b.py")
        assert project.document("a.py") is first
        project.document("c.py")
        assert project.document("a.py") is first
        assert project.document("b.py") is not second

    def test_a_text_that_is_not_kept_is_freed_without_the_collector(self, tree, monkeypatch):
        monkeypatch.setattr("trackfix.project.project._KEPT_CHARACTERS", 12)
        project = tree({"a.py": "x = 1\n", "b.py": "x = 2\n", "c.py": "x = 3\n"})
        names = Resolver(project).analysis(Meanings).file("a.py")
        assert names is not None
        seen = weakref.ref(names.document)
        before = gc.isenabled()
        gc.disable()
        try:
            del names
            project.document("b.py")
            assert seen() is not None
            project.document("c.py")
            assert seen() is None
        finally:
            (gc.enable if before else gc.disable)()

    def test_a_text_that_is_longer_than_all_that_is_kept_can_be_read(self, tree, monkeypatch):
        monkeypatch.setattr("trackfix.project.project._KEPT_CHARACTERS", 1)
        project = tree({"a.py": "x = 1\n"})
        assert project.document("a.py").code == "x = 1\n"

    def test_a_notebook_has_facts_but_no_name(self, tree):
        cell = '{"cell_type": "code", "source": ["from home import f\\n"], "metadata": {}}'
        source = '{"cells": [' + cell + '], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
        project = tree({"home.py": UTILS, "notes.ipynb": source})
        assert "f" in project.facts["notes.ipynb"].bindings
        assert project.find("notes") is None
        assert project.find("home", "notes.ipynb").path == "home.py"

    @pytest.mark.parametrize("enabled", [True, False])
    def test_garbage_collection_is_left_as_it_was(self, tmp_path, enabled):
        before = gc.isenabled()
        (gc.enable if enabled else gc.disable)()
        try:
            open_project(tmp_path)
            assert gc.isenabled() is enabled
        finally:
            (gc.enable if before else gc.disable)()

    def test_progress_is_told_file_by_file(self, tmp_path, tree):
        tree({"a.py": "", "b.py": ""})
        steps = []
        open_project(tmp_path, lambda done, all_: steps.append((done, all_)))
        assert steps == [(0, 2), (1, 2)]


@pytest.mark.parametrize("module, package, expected", [
    ("a.b", "p.q", "a.b"), (".", "p.q", "p.q"), (".a", "p.q", "p.q.a"), ("..a", "p.q", "p.a"),
    ("...a", "p.q", None), (".a", "", None), ("..", "p.q", "p"),
])  # fmt: skip
def test_relative_imports_start_from_the_package(module, package, expected):
    assert absolute(module, package) == expected
