"""Which releases of MLflow a project allows, wherever it says so."""

import pytest

from trackfix.project.mlflow_uses.requirements import RELEASES, MlflowRequirements
from trackfix.project.modules.resolution import Resolver
from trackfix.project.settings.config import ConfigError, load_config

NEWEST = RELEASES[-1]


@pytest.fixture
def releases(tree):
    """The lowest and highest release for a file of a tree."""

    def run(files, path="app.py"):
        project = tree({path: "import mlflow\n", **files})
        found = Resolver(project).analysis(MlflowRequirements).releases(path)
        return found.lowest, found.highest

    return run


FILES = {
    "a dependency": (
        "pyproject.toml",
        '[project]\ndependencies = ["click", "mlflow>=2.9,<3 ; python_version > \'3\'"]\n',
        (2, 9),
        (2, 22),
    ),
    "an extra": (
        "pyproject.toml",
        '[project.optional-dependencies]\na = ["mlflow[extras]~=2.9"]\n',
        (2, 9),
        (2, 22),
    ),
    "a group": (
        "pyproject.toml",
        '[dependency-groups]\ndev = ["mlflow-skinny==2.9.2", {include-group = "x"}]\n',
        (2, 9),
        (2, 9),
    ),
    "poetry": ("pyproject.toml", '[tool.poetry.dependencies]\nmlflow = "^2.9"\n', (2, 9), (2, 22)),
    "poetry with extras": (
        "pyproject.toml",
        '[tool.poetry.group.dev.dependencies]\nmlflow = {version = "~2.9.1", extras = ["x"]}\n',
        (2, 9),
        (2, 9),
    ),
    "poetry with one for each Python": (
        "pyproject.toml",
        "[tool.poetry.dependencies]\n"
        'mlflow = [{version = "~2.9", python = "<3.9"}, {version = "~3.1", python = ">=3.9"}]\n',
        (2, 9),
        (3, 1),
    ),
    "pdm": (
        "pyproject.toml",
        '[tool.pdm.dev-dependencies]\nml = ["-e file:///x#egg=x", "mlflow==2.5.0"]\n',
        (2, 5),
        (2, 5),
    ),
    "uv": ("pyproject.toml", '[tool.uv]\ndev-dependencies = ["mlflow==2.5.0"]\n', (2, 5), (2, 5)),
    "hatch": (
        "pyproject.toml",
        '[tool.hatch.envs.default]\ndependencies = ["mlflow==2.5.0"]\n',
        (2, 5),
        (2, 5),
    ),
    "what hatch adds": (
        "pyproject.toml",
        '[tool.hatch.envs.ml]\nextra-dependencies = ["mlflow>=2.5,<3"]\n',
        (2, 5),
        (2, 22),
    ),
    "pixi": ("pyproject.toml", '[tool.pixi.dependencies]\nmlflow = "2.5.*"\n', (2, 5), (2, 5)),
    "a feature of pixi": (
        "pixi.toml",
        '[feature.ml.pypi-dependencies]\nmlflow = {version = "==2.5.0", extras = ["x"]}\n',
        (2, 5),
        (2, 5),
    ),
    "requirements": (
        "requirements-dev.txt",
        "# mlflow==1.0\n-r other.txt\nMLflow == 2.9.2 \\\n    --hash=sha256:0  # why\n",
        (2, 9),
        (2, 9),
    ),
    "a folder of requirements": ("requirements/base.in", "mlflow>=3.1\n", (3, 1), NEWEST),
    "setup.cfg": (
        "setup.cfg",
        "[options]\ninstall_requires =\n    click\n    mlflow>=1.30,<2\n",
        (1, 30),
        (1, 30),
    ),
    "an extra in setup.cfg": (
        "setup.cfg",
        "[options.extras_require]\nml = mlflow<=2.1\n",
        (1, 0),
        (2, 1),
    ),
    "setup.py": (
        "setup.py",
        "from setuptools import setup\nsetup(name='mlflow', install_requires=['mlflow>=2.1'])\n",
        (2, 1),
        NEWEST,
    ),
    "conda": (
        "environment.yml",
        "dependencies:\n  - python=3.11\n  - conda-forge::mlflow=2.9\n",
        (2, 9),
        (2, 9),
    ),
    "pip in conda": (
        "conda.yaml",
        "dependencies:\n  - pip:\n    - mlflow>=2.9\n    - 'mlflow-plugin==1.0'\n",
        (2, 9),
        NEWEST,
    ),
    "a lock": ("poetry.lock", '[[package]]\nname = "mlflow"\nversion = "2.9.2"\n', (2, 9), (2, 9)),
    "Pipfile": ("Pipfile", '[packages]\nmlflow = "==2.9.*"\n', (2, 9), (2, 9)),
    "Pipfile.lock": (
        "Pipfile.lock",
        '{"default": {"mlflow": {"version": "==2.9.2"}}}',
        (2, 9),
        (2, 9),
    ),
    "a release to come": ("requirements.txt", "mlflow>=4\n", NEWEST, NEWEST),
    "a release of before": ("requirements.txt", "mlflow==0.9\n", (1, 0), (1, 0)),
}


@pytest.mark.parametrize("path, text, lowest, highest", FILES.values(), ids=FILES)
def test_a_file_tells_the_releases(releases, path, text, lowest, highest):
    assert releases({path: text}) == (lowest, highest)


NOTHING = {
    "any release": ("requirements.txt", "mlflow\n"),
    "another package": ("requirements.txt", "mlflow-export-import==1.0\nazureml-mlflow==1.0\n"),
    "a comment": ("requirements.txt", "# mlflow==1.0\n"),
    "a star": ("pyproject.toml", '[tool.poetry.dependencies]\nmlflow = "*"\n'),
    "any release in hatch": (
        "pyproject.toml",
        '[tool.hatch.envs.a]\ndependencies = ["mlflow"]\n[tool.hatch.envs.b]\ntype = "virtual"\n',
    ),
    "another package in pdm": (
        "pyproject.toml",
        '[tool.pdm.dev-dependencies]\nml = ["mlflow-export-import==1.0"]\n',
    ),
    "any release in pixi": (
        "pixi.toml",
        '[dependencies]\nmlflow = "*"\n[feature.a.dependencies]\npython = "3.9.*"\n',
    ),
    "a task of pixi": ("pixi.toml", '[tasks]\nmlflow = "2.5.*"\n'),
    "checkouts in poetry": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\nmlflow = [{git = "x"}, {path = "y"}]\n',
    ),
    "a broken file": ("Pipfile", '[packages\nmlflow = "==1.0"\n'),
    "a broken requirement": ("requirements.txt", "mlflow>>1.0\n"),
    "a checkout": ("pyproject.toml", '[tool.poetry.dependencies]\nmlflow = {git = "x"}\n'),
    "a broken setup.py": ("setup.py", "setup(install_requires=['mlflow==1.0']\n"),
    "a file of another name": ("notes.txt", "mlflow==1.0\n"),
    "a channel of conda": (
        "environment.yml",
        "channels:\n  - mlflow-channel\ndependencies:\n  - mlflow\n",
    ),
}


@pytest.mark.parametrize("path, text", NOTHING.values(), ids=NOTHING)
def test_without_a_requirement_it_is_the_newest(releases, path, text):
    assert releases({path: text}) == (NEWEST, NEWEST)


def test_of_several_requirements_the_widest_range_counts(releases):
    files = {
        "requirements.txt": "mlflow==2.9.2\n",
        "pyproject.toml": '[project]\ndependencies = ["mlflow>=2.3,<3"]\n',
    }
    assert releases(files) == ((2, 3), (2, 22))


@pytest.mark.parametrize("first, second", [(">=3.1", "<3,>=2.9"), ("<3,>=2.9", ">=3.1")])
def test_the_source_is_what_allows_the_lowest(tree, first, second):
    project = tree({"app.py": "", "requirements.txt": f"mlflow{first}\nmlflow{second}\n"})
    found = Resolver(project).analysis(MlflowRequirements).releases("app.py")
    assert (found.lowest, found.highest) == ((2, 9), NEWEST)
    assert found.source == "requirements.txt: <3,>=2.9"


def test_of_two_that_allow_the_lowest_the_first_is_the_source(tree):
    files = {"pyproject.toml": '[project]\ndependencies = ["mlflow>=2.9"]\n'}
    project = tree({"app.py": "", "requirements.txt": "mlflow==2.9.2\n", **files})
    found = Resolver(project).analysis(MlflowRequirements).releases("app.py")
    assert found.source == "pyproject.toml: >=2.9"


def test_the_nearest_folder_counts(releases):
    files = {
        "requirements.txt": "mlflow==2.9.2\n",
        "examples/a/conda.yaml": "dependencies:\n  - mlflow==1.2\n",
    }
    assert releases(files, "examples/a/train.py") == ((1, 2), (1, 2))
    assert releases(files, "examples/b/train.py") == ((2, 9), (2, 9))


@pytest.mark.parametrize(
    "target, expected",
    [
        ("3.1", ((3, 1), (3, 1))),
        ("3.1.4", ((3, 1), (3, 1))),
        ("3.x", ((3, 0), NEWEST)),
        (">=2.9,<3", ((2, 9), (2, 22))),
    ],
)
def test_the_setting_overrules_all(releases, target, expected):
    files = {
        "requirements.txt": "mlflow==1.30\n",
        "pyproject.toml": f'[tool.trackfix]\ntarget-mlflow = "{target}"\n',
    }
    assert releases(files) == expected


@pytest.mark.parametrize("value", ['"new"', '""', "3.1", '"^3"'])
def test_a_target_that_is_no_release_is_refused(tmp_path, value):
    (tmp_path / "pyproject.toml").write_text(f"[tool.trackfix]\ntarget-mlflow = {value}\n")
    with pytest.raises(ConfigError, match="target-mlflow must be a release of MLflow"):
        load_config(tmp_path)


REQUIRING = {
    "with a range": ({"requirements.txt": "mlflow>=3.1\n"}, ["requirements.txt"]),
    "any release": (
        {"setup.cfg": "[options]\ninstall_requires =\n    mlflow\n"},
        ["setup.cfg"],
    ),
    "not what pip-compile makes": (
        {"requirements.in": "mlflow\n", "requirements.txt": "mlflow==3.1\n"},
        ["requirements.in"],
    ),
    "not a lock": (
        {
            "pyproject.toml": '[project]\ndependencies = ["mlflow"]\n',
            "uv.lock": '[[package]]\nname = "mlflow"\nversion = "3.1.0"\n',
        },
        ["pyproject.toml"],
    ),
    "the nearest folder": (
        {"requirements.txt": "mlflow\n", "a/requirements.txt": "mlflow\n"},
        ["a/requirements.txt"],
    ),
    "another package": ({"requirements.txt": "numpy\n"}, []),
    "none": ({}, []),
}


@pytest.mark.parametrize("files, expected", REQUIRING.values(), ids=REQUIRING)
def test_the_files_that_require_mlflow(tree, files, expected):
    project = tree({"a/app.py": "import mlflow\n", **files})
    assert Resolver(project).analysis(MlflowRequirements).files("a/app.py") == expected
