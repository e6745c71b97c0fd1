"""From where a project's modules are imported."""

import os

import pytest

from trackfix.cli.common import open_lazily
from trackfix.project.modules.roots import SourceTree, find_shown_roots, local_root, module_name
from trackfix.project.project import open_project
from trackfix.project.settings.config import ConfigError

POETRY = '[tool.poetry]\npackages = [{include = "pkg", from = "code"}]\n'
HATCH = '[tool.hatch.build.targets.wheel]\npackages = ["code/pkg"]\n'
SETUPTOOLS = '[tool.setuptools.packages.find]\nwhere = ["code"]\n'
DECLARED = {
    "setup.cfg package_dir": ("setup.cfg", "[options]\npackage_dir =\n    = code\n"),
    "setup.cfg find": ("setup.cfg", "[options.packages.find]\nwhere = code\n"),
    "setup.cfg pytest": ("setup.cfg", "[tool:pytest]\npythonpath = code\n"),
    "setup.py package_dir": ("setup.py", 'setup(package_dir={"": "code"})\n'),
    "setup.py package_dir of one package": ("setup.py", 'setup(package_dir={"pkg": "code/pkg"})\n'),
    "setup.py find_packages": ("setup.py", 'setup(packages=find_packages("code"))\n'),
    "setup.py where": ("setup.py", 'setup(packages=setuptools.find_packages(where="code"))\n'),
    "pyproject setuptools": ("pyproject.toml", SETUPTOOLS),
    "pyproject package-dir": ("pyproject.toml", '[tool.setuptools]\npackage-dir = {"" = "code"}\n'),
    "pyproject poetry": ("pyproject.toml", POETRY),
    "pyproject hatch": ("pyproject.toml", HATCH),
    "pyproject pdm": ("pyproject.toml", '[tool.pdm.build]\npackage-dir = "code"\n'),
    "pyproject uv": ("pyproject.toml", '[tool.uv.build-backend]\nmodule-root = "code"\n'),
    "pyproject maturin": ("pyproject.toml", '[tool.maturin]\npython-source = "code"\n'),
    "pyproject ruff": ("pyproject.toml", '[tool.ruff]\nsrc = ["code"]\n'),
    "pyproject pytest": ("pyproject.toml", '[tool.pytest.ini_options]\npythonpath = "code"\n'),
    "pytest.ini": ("pytest.ini", "[pytest]\npythonpath = code\n"),
    "tox.ini": ("tox.ini", "[pytest]\npythonpath = other code\n"),
    "the settings": ("pyproject.toml", '[tool.trackfix]\nsrc = ["code"]\n'),
}


@pytest.mark.parametrize("path, text", DECLARED.values(), ids=DECLARED)
def test_a_root_is_declared_in(tree, path, text):
    project = tree({path: text, "code/pkg/__init__.py": "", "code/pkg/mod.py": ""})
    assert "code" in project.roots
    assert project.primary_name("code/pkg/mod.py") == "pkg.mod"
    assert project.find("pkg.mod").path == "code/pkg/mod.py"


@pytest.mark.parametrize("text", [
    "[tool", "tool = 1", "[tool]\nsetuptools = 1", "[tool.poetry]\npackages = 3",
    '[tool.setuptools]\npackage-dir = {"" = 1}', "[tool.pytest]\npythonpath = 7",
])  # fmt: skip
def test_a_strange_pyproject_below_declares_nothing(tree, text):
    assert tree({"sub/pyproject.toml": text, "sub/a.py": ""}).roots == ("sub", "")


@pytest.mark.parametrize("path, text", [
    ("setup.cfg", "no section\n"), ("setup.py", "def (\n"), ("pytest.ini", "[pytest]\npythonpath='a"),
])  # fmt: skip
def test_a_broken_project_file_declares_nothing(tree, path, text):
    assert tree({f"sub/{path}": text, "sub/a.py": ""}).roots == ("sub", "")


def test_a_name_that_is_no_text_is_no_module(tree):
    project = tree({os.fsdecode(b"sub/b\xff.py"): "", "a.py": "import b\n"})
    assert project.roots == ("",)


def test_the_project_itself_is_a_root(tree):
    project = tree({"pkg/__init__.py": "", "pkg/mod.py": "", "flat.py": ""})
    assert project.roots == ("",)
    assert project.names_of("pkg/mod.py") == ("pkg.mod",)
    assert project.names_of("pkg/__init__.py") == ("pkg",)
    assert project.names_of("flat.py") == ("flat",)


def test_a_src_folder_is_a_root_and_its_modules_have_both_names(tree):
    project = tree({"src/pkg/__init__.py": "", "src/pkg/mod.py": ""})
    assert project.names_of("src/pkg/mod.py") == ("pkg.mod", "src.pkg.mod")
    assert project.find("pkg.mod").path == project.find("src.pkg.mod").path == "src/pkg/mod.py"


def test_a_src_package_that_pytest_puts_on_the_path_is_both(tree):
    project = tree({
        "pytest.ini": "[pytest]\npythonpath = src\n",
        "src/__init__.py": "", "src/infra/__init__.py": "", "src/infra/x.py": "",
    })  # fmt: skip
    assert set(project.names_of("src/infra/x.py")) == {"infra.x", "src.infra.x"}


def test_a_src_package_is_a_root_when_imports_show_it(resolver):
    answers = resolver({
        "src/__init__.py": "", "src/infra/__init__.py": "", "src/infra/x.py": "def f(): pass\n",
        "main.py": "from src.infra.x import f\n", "tests/test_x.py": "from infra.x import f\n",
    })  # fmt: skip
    paths = {answers.resolve(m, "f").path for m in ("infra.x", "src.infra.x")}
    assert paths == {"src/infra/x.py"}
    assert answers.resolve("infra.x", "f", "tests/test_x.py").status == "certain"


def test_a_setup_py_inside_a_package_makes_no_root(tree):
    project = tree({
        "pkg/__init__.py": "", "pkg/sub/__init__.py": "", "pkg/sub/setup.py": "setup()\n",
        "pkg/sub/mod.py": "",
    })  # fmt: skip
    assert project.roots == ("",)


def test_an_unknown_folder_in_the_settings_is_an_error(tree):
    with pytest.raises(ConfigError, match="no folder 'nowhere'"):
        tree({"pyproject.toml": '[tool.trackfix]\nsrc = ["nowhere"]\n', "a.py": ""}).roots


def test_the_settings_overrule_what_is_found(tree):
    project = tree({
        "pyproject.toml": '[tool.trackfix]\nsrc = ["lib"]\n',
        "lib/a.py": "", "src/b.py": "", "c.py": "import b\n",
    })  # fmt: skip
    assert project.roots == ("lib",)
    assert project.find("b") is None


def test_roots_are_shown_by_imports_of_a_package_that_no_root_has(resolver):
    answers = resolver({
        "deep/lib/pkg/__init__.py": "", "deep/lib/pkg/mod.py": "def f(): pass\n",
        "run/main.py": "import sys\nsys.path.insert(0, '../deep/lib')\nfrom pkg.mod import f\n",
    })  # fmt: skip
    assert answers.resolve("pkg.mod", "f", "run/main.py").home == "pkg.mod:f"
    assert "deep/lib" in answers.project.roots


def test_roots_are_shown_by_imports_of_names_that_one_file_has(resolver):
    answers = resolver({
        "tools/lib/helpers.py": "def f(): pass\n",
        "run/main.py": "import sys\nsys.path.append('tools/lib')\nfrom helpers import f\n",
    })  # fmt: skip
    assert answers.resolve("helpers", "f", "run/main.py").path == "tools/lib/helpers.py"


@pytest.mark.parametrize("source", [
    "from pkg.gone import f\n", "from pkg.mod import f\nimport pkg.gone\n",
])  # fmt: skip
def test_imports_that_do_not_agree_show_no_root(tree, source):
    project = tree({
        "deep/lib/pkg/__init__.py": "", "deep/lib/pkg/mod.py": "def f(): pass\n", "main.py": source,
    })  # fmt: skip
    assert project.roots == ("",)


SHOWN = {"deep/lib/pkg/__init__.py": "", "deep/lib/pkg/mod.py": "def f(): pass\n"}
MORE = {f"run/m{number}.py": "from pkg.mod import f\n" for number in range(9)}


def test_files_that_import_only_what_is_there_are_not_read_for_it(tmp_path, tree):
    tree({**SHOWN, **MORE})
    project = open_lazily(tmp_path)
    assert project.roots == ("deep/lib", "")
    with project.facts.asked.watched():
        assert find_shown_roots(SourceTree(project.facts), ("",)) == ("deep/lib",)
    assert len(project.facts.asked.facts & MORE.keys()) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from pkg import *\n",
        "from pkg import g\n",
        "import pkg.mod, pkg.gone\n",
        "from pkg.gone import f\n",
    ],
)
def test_one_file_among_many_that_does_not_agree_is_read(tree, source):
    assert tree({**SHOWN, **MORE, "run/z.py": source}).roots == ("",)


@pytest.mark.parametrize("text", ["from pkg.gone import f", "import pkg.gone"])
def test_what_only_a_docstring_imports_refutes_nothing(tree, text):
    files = {**SHOWN, **MORE, "run/z.py": f'"""\n{text}\n"""\nfrom pkg.mod import f\n'}
    assert tree(files).roots == ("deep/lib", "")


def test_two_folders_that_would_do_show_no_root(tree):
    mod = {f"{d}/pkg/{n}": "" for d in ("a", "b") for n in ("__init__.py", "mod.py")}
    assert tree({**mod, "main.py": "import pkg.mod\n"}).roots == ("",)


def service(folder, **modules):
    """A folder with a package ``app``, and a test of it that stands beside the package."""
    files = {f"{folder}/app/{name}.py": text for name, text in modules.items()}
    return {f"{folder}/app/__init__.py": "", f"{folder}/tests/test_app.py": "", **files}


SHOWN_BY_ITS_OWN = {
    **service("one", text="def f(): pass\n", old="from app.text import f\n"),
    "one/tests/test_app.py": "from app.old import f\nfrom app.text import f\n",
}
OTHER = service("two", old="def f(): pass\n")


@pytest.mark.parametrize("declares", ["", "[project]\n"])
@pytest.mark.parametrize("source", ["from app.old import f\n", "import app.old\n"])
def test_each_of_several_services_has_its_own_package_of_one_name(resolver, source, declares):
    files = {**SHOWN_BY_ITS_OWN, **OTHER, "two/tests/test_app.py": source}
    files |= {"one/pyproject.toml": declares} if declares else {}
    answers = resolver(files)
    assert set(answers.project.roots) == {"one", "two", ""}
    assert answers.resolve("app.old", "f", "two/tests/test_app.py").path == "two/app/old.py"
    assert answers.resolve("app.old", "f", "one/tests/test_app.py").path == "one/app/text.py"


def test_a_package_that_lacks_what_is_imported_beside_it_is_no_root_of_its_own(resolver):
    mirror = {**OTHER, "two/tests/test_app.py": "from app.old import f\nfrom app.text import f\n"}
    answers = resolver({**SHOWN_BY_ITS_OWN, **mirror})
    assert answers.project.roots == ("one", "")


def test_tests_in_folders_named_like_the_packages_are_no_root_of_their_own(tree):
    project = tree({
        "src/pkg/__init__.py": "", "src/pkg/sub/__init__.py": "", "src/pkg/sub/mod.py": "",
        "tests/pkg/sub/test_mod.py": "import pkg.sub\nfrom pkg import sub\n",
    })  # fmt: skip
    assert project.roots == ("src", "")


def test_a_package_below_a_root_that_has_one_of_its_name_is_no_root_of_its_own(tree):
    files = {f"{folder}app/{name}.py": "" for folder in ("", "demo/") for name in ("__init__", "m")}
    project = tree({**files, "main.py": "import app.m\n", "demo/tests/test_m.py": "import app.m\n"})
    assert project.roots == ("",)


@pytest.mark.parametrize("source", ["import mlflow\n", "from mlflow import log_metric\n"])
def test_a_library_is_no_sign_of_a_root(tree, source):
    project = tree({"examples/mlflow.py": "def main(): pass\n", "main.py": source})
    assert project.roots == ("",)
    assert project.find("mlflow", "main.py") is None


def test_a_file_inside_a_package_is_no_sign_of_a_root(tree):
    project = tree({
        "pkg/__init__.py": "", "pkg/drivers/__init__.py": "",
        "pkg/drivers/redis.py": "from redis import Redis\n",
        "main.py": "from redis import Redis\n",
    })  # fmt: skip
    assert project.roots == ("",)
    assert project.find("redis", "main.py") is None


@pytest.mark.parametrize("path, root, name", [
    ("a/b.py", "", "a.b"), ("a/b.py", "a", "b"), ("a/__init__.py", "", "a"), ("ab/c.py", "a", None),
    ("a/__init__.py", "a", None), ("a-b/c.py", "", None), ("a/b.pyi", "", "a.b"),
])  # fmt: skip
def test_a_module_is_named_from_its_root(path, root, name):
    assert module_name(path, root) == name


def test_the_local_root_is_the_first_folder_that_is_no_package():
    packages = frozenset({"tests/unit", "tests/unit/deep"})
    assert local_root("tests/unit/deep/test_x.py", packages) == "tests"
    assert local_root("test_x.py", packages) == ""
    assert local_root("pkg/x.py", frozenset({"pkg"})) == ""


def test_a_folder_of_installed_packages_is_a_root(tmp_path):
    (tmp_path / "site-packages/pkg").mkdir(parents=True)
    (tmp_path / "site-packages/pkg/__init__.py").write_text("x = 1\n")
    found = open_project(tmp_path / "site-packages").find("pkg")
    assert found is not None
    assert found.path == "pkg/__init__.py"


COMMON = {
    "common/__init__.py": "", "common/names.py": "def name(): pass\n",
    "a/common/__init__.py": "", "a/common/names.py": "def name(): pass\n",
    "a/common/own.py": "", "a/main.py": "import common.own\nfrom common.names import name\n",
    "b/main.py": "from common.names import name\n", "main.py": "from common.names import name\n",
}  # fmt: skip


def test_what_a_service_has_of_its_own_is_not_nearer_to_another_one_than_what_all_share(tree):
    project = tree({f"services/{p}" if p[1] == "/" else p: s for p, s in COMMON.items()})
    assert project.roots == ("services/a", "")
    found = project.find("common.names", "services/a/main.py")
    assert found is not None and found.path == "services/a/common/names.py"
    assert project.find("common.names", "services/b/main.py") is None
    assert project.is_unclear("common.names", "services/b/main.py")


def test_what_stands_near_a_file_is_found_where_no_root_around_it_has_the_name(tree):
    project = tree({
        "x/lib/src/common.py": "def f(): pass\n", "y/lib/src/common.py": "def f(): pass\n",
        "x/app/main.py": "from common import f\n", "main.py": "from common import f\n",
    })  # fmt: skip
    found = project.find("common", "x/app/main.py")
    assert found is not None and found.path == "x/lib/src/common.py"


@pytest.mark.parametrize("deep, roots", [(True, ("services/a", "services/b", "")), (False, ("",))])
def test_services_in_packages_are_roots_where_imports_below_their_name_show_it(tree, deep, roots):
    source = "from app.names import name\n" if deep else "from app import name\n"
    project = tree({
        "services/__init__.py": "",
        **{f"services/{s}/__init__.py": "" for s in "ab"},
        **{f"services/{s}/app/__init__.py": "name = 1\n" for s in "ab"},
        **{f"services/{s}/app/names.py": "def name(): pass\n" for s in "ab"},
        **{f"services/{s}/app/main.py": source for s in "ab"},
    })  # fmt: skip
    assert set(project.roots) == set(roots)
    assert project.primary_name("services/a/app/names.py") == "services.a.app.names"


APP = {"app/__init__.py": "", "app/names.py": "", "app/main.py": "import app.names\n"}


@pytest.mark.parametrize("importer", ["app/main.py", "backup/app/main.py"])
def test_no_new_import_leads_to_a_copy_of_a_package_by_the_name_of_its_folder(tree, importer):
    copy = {f"backup/{path}": source for path, source in APP.items()}
    project = tree({**APP, **copy, "backup/app/clients.py": "", "tool.py": "import backup.app\n"})
    home = "backup/app/clients.py"
    assert not project.leads_to("backup.app.clients", home, importer)
    assert project.leads_to("backup.app.clients", home, "tool.py")
    assert project.leads_to("app.names", "app/names.py", "app/main.py")


def test_no_new_import_leads_out_of_a_package_that_is_run_as_a_root(tree):
    inits = {"services/__init__.py": "", **{f"services/{s}/__init__.py": "" for s in "ab"}}
    apps = {f"services/{s}/{path}": source for s in "ab" for path, source in APP.items()}
    project = tree({**inits, **apps, "run.py": "import services.a.app.main\n"})
    name, home = "services.a.app.names", "services/a/app/names.py"
    assert not project.leads_to(name, home, "services/b/app/main.py")
    assert project.leads_to(name, home, "services/a/app/main.py")
    assert project.leads_to(name, home, "run.py")
