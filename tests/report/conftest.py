"""A lint report and a catalogue of copies in which everything occurs that a format has to show."""

import re
import textwrap
from pathlib import Path

import pytest

from trackfix.lint.finding import Finding, Fix, Related
from trackfix.lint.overview import take_overview
from trackfix.lint.report_data import FileChange, LintError, LintReport, RuleInfo
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import open_project
from trackfix.project.run_logic.catalogue import Catalogue
from trackfix.project.run_logic.duplicates import Duplicates
from trackfix.report.html.document import document

FILES = {
    "src/app.py": [
        "import mlflow",
        "",
        "def run(uri):",
        "\tname = '名前', mlflow.MlflowClient(uri)",
        "    return mlflow.MlflowClient(",
        "        uri,",
        "    )",
    ],
    "src/lib/factory.py": ["def create_mlflow_client(uri=None):", "    ..."],
    "notes/a b#c.ipynb": ["c = MlflowClient()"],
}
AFTER = [
    "import mlflow",
    "from lib.factory import create_mlflow_client",
    "",
    "def run(uri):",
    "\tname = '名前', create_mlflow_client(uri)",
    "    return create_mlflow_client(uri)",
]
FACTORY = Related("src/lib/factory.py", 1, 2, "source-of-truth", "the factory is here")
SAFE = Fix("use-client-factory", "safe", "call create_mlflow_client(uri)")
UNSAFE = Fix("use-client-factory", "unsafe", "widen the factory, 100% sure")

FINDINGS = (
    Finding(
        "TRK203", "factory-signature", "src/app.py", 5, 12, 7, 6,
        "the factory takes no 'uri': a, b", 0.756, UNSAFE,
    ),
    Finding(
        "TRK201", "direct-client", "src/app.py", 4, 15, 4, 39,
        "MlflowClient is constructed here", 0.999, SAFE, (FACTORY,),
    ),
    Finding("TRK202", "undefined-client", "notes/a b#c.ipynb", 1, 5, 1, 17, "not\ndefined <&>\x1b[2J"),
)  # fmt: skip
RULES = {
    "TRK201": RuleInfo("TRK201", "direct-client", "MlflowClient is made directly", "# Page\n\nWhy"),
    "TRK203": RuleInfo("TRK203", "factory-signature", "the factory is too narrow", ""),
}
ERRORS = (
    LintError("src/broken.py", 3, "is not valid utf-8; save it as utf-8"),
    LintError("gone.py", None, "does not exist; check the path"),
)


def line_of(path, line):
    lines = FILES.get(path, [])
    return lines[line - 1] if line <= len(lines) else ""


@pytest.fixture
def full():
    """Findings in and out of notebooks, with and without fixes, and errors."""
    before = "\n".join(FILES["src/app.py"]) + "\n"
    change = FileChange("src/app.py", before, "\n".join(AFTER), ("use-client-factory",))
    return LintReport(
        FINDINGS, ERRORS, RULES, Path("/srv/some project"), "1.2.3", line_of, (change,)
    )


@pytest.fixture
def clean():
    """A run that found nothing."""
    return LintReport((), version="1.2.3", rules=RULES)


@pytest.fixture
def same():
    """Three findings in lines that read the same, two of them in one line."""
    places = [(1, 1), (1, 20), (3, 1)]
    found = [
        Finding("TRK201", "direct-client", "a.py", line, column, line, column + 5, "made")
        for line, column in places
    ]
    return LintReport(tuple(found), line_of=lambda path, line: "Client(Client())")


# Two jobs: one has its source of truth in the project, the other one has none.
COPIES = {
    "pkg/finder.py": '''
        def find_newest(client, name, strict=True):
            """The newest run; the single source of truth."""
            experiment = client.get_experiment_by_name(name)  # mlflow
            if experiment is None and strict:
                raise LookupError(name)
            runs = client.search_runs([experiment.experiment_id], order_by=["start_time DESC"])
            return runs[0].info.run_id
    ''',
    "pkg/tags.py": """
        from pkg.finder import find_newest

        def tag_newest(mlflow_client, study):
            \tfound = mlflow_client.get_experiment_by_name(study)
            \thits = mlflow_client.search_runs(
            \t    [found.experiment_id],  # <b>&'x'</b>
            \t    order_by=["start_time DESC"], max_results=1)
            \treturn hits[0].info.run_id
    """,
    "pkg/children.py": """
        def first(mlflow_client, parent_id):
            parent = mlflow_client.get_run(parent_id)
            tags = {"mlflow.parentRunId": parent_id}
            return mlflow_client.create_run(parent.info.experiment_id, tags=tags)

        def second(mlflow_client, parent_id, name):
            parent = mlflow_client.get_run(parent_id)
            run = mlflow_client.create_run(
                parent.info.experiment_id,
                tags={
                    "mlflow.parentRunId": parent_id,
                    "mlflow.runName": name,
                },
            )
            mlflow_client.set_terminated(run.info.run_id)
    """,
}


@pytest.fixture
def catalogue(tmp_path):
    """A catalogue of two jobs that are done twice."""
    return catalogue_of(tmp_path, COPIES)


@pytest.fixture
def no_copies(tmp_path):
    """The catalogue of a project that has nothing twice."""
    return catalogue_of(tmp_path, {"pkg/finder.py": COPIES["pkg/finder.py"]})


def catalogue_of(root, tree):
    for path, source in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(textwrap.dedent(source).lstrip("\n"), encoding="utf-8")
    project = open_project(root)
    return Catalogue(Resolver(project).analysis(Duplicates))


# One of each: what every section of the page for a meeting has to show.
TEAM = {
    "pyproject.toml": "[project]\nname = 'team'\n",
    "lib/__init__.py": "",
    "lib/home.py": "def f():\n    return 1\n\n\ndef g():\n    return 2\n",
    "lib/old.py": '"""Deprecated, moved to lib.home."""\n\nfrom lib.home import f, g\n',
    "lib/dead.py": '"""Deprecated."""\n\nfrom lib.home import g\n',
    "lib/kept.py": '"""Deprecated."""\ntry:\n    from lib.home import f\n'
    "except ImportError:\n    from lib.other import f\n",
    "lib/other.py": "def f():\n    return 3\n",
    "lib/part/__init__.py": "from .inner import x\n",
    "lib/part/inner.py": "x = 1\n",
    "app/main.py": "from lib.old import f\nfrom lib.kept import f as k\nfrom lib.part import x\n"
    "\nprint(f(), k(), x)\n",
    "tests/test_main.py": "from lib.old import g\n\n\ndef test_g():\n    assert g() == 2\n",
    "README.md": "See lib.old for more.\n",
    "broken.py": "def f(:\n",
}


@pytest.fixture
def overview(tmp_path):
    """What the page for a meeting shows of these files, path -> text."""

    def made(files):
        root = tmp_path / "team"
        root.mkdir()
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return take_overview(open_project(root))

    return made


@pytest.fixture
def team(overview):
    """A project in which every section has something to show."""
    return overview(TEAM)


@pytest.fixture
def nothing(overview):
    """A project in which no section has anything to show."""
    return overview({})


@pytest.fixture
def shown(html_page):
    """Reads the HTML of one section; links to others lead to places that are added for it."""

    def read(lines):
        body = "\n".join(lines)
        targets = set(re.findall(r'href="#([^"]*)"', body))
        missing = sorted(t for t in targets if f'id="{t}"' not in body)
        added = [f'<p id="{target}"></p>' for target in missing]
        section = ['<section id="here"><h2>Here</h2>', body, "</section>"]
        return html_page(document("test", "Test", "", [*section, *added]))

    return read
