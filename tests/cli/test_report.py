"""The page for a team's meeting: it says what the other commands say, and writes nothing else."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

COPIES = {
    "lib/finder.py": '''\
def find_newest(client, name):
    """The newest run; the single source of truth."""
    experiment = client.get_experiment_by_name(name)  # mlflow
    runs = client.search_runs([experiment.experiment_id], order_by=["start_time DESC"])
    return runs[0].info.run_id
''',
    "copy/tags.py": """\
import mlflow

def newest(study):
    mlflow_client = mlflow.MlflowClient()
    found = mlflow_client.get_experiment_by_name(study)
    hits = mlflow_client.search_runs([found.experiment_id], order_by=["start_time DESC"])
    return hits[0].info.run_id
""",
}
MAIN = "from trackfix.__main__ import main; main()"
FIXTURES = Path(__file__).parents[2] / "fixtures"


def write(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="")


def snapshot(root):
    return {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in root.rglob("*") if p.is_file()}


@pytest.fixture
def team(repository):
    """A project in which every section of the page has something to show."""
    write(
        repository,
        COPIES
        | {
            "broken.py": "def f(:\n",
            "lib/guard.py": GUARDED,
            "lib/other.py": "def f():\n    return 3\n",
            "use.py": USE,
        },
    )
    return repository


GUARDED = '''\
"""Deprecated."""
try:
    from lib.home import f
except ImportError:
    from lib.other import f
'''
USE = "from lib.guard import f\nimport lib.guard\n"


@pytest.fixture
def report(trackfix, tmp_path_factory, html_page):
    """Runs the command on a folder, and reads the page that it writes."""

    def run(root, *, code=0):
        page = tmp_path_factory.mktemp("out") / "page.html"
        done = trackfix("report", root, "-o", page)
        assert done.exit_code == code, done.output
        source = page.read_bytes().decode("utf-8")
        return html_page(source), source, done

    return run


def number(words):
    return int(words.partition(" ")[0])


def rows_of(page, caption):
    return page.tables.get(caption, [[]])[1:]


@pytest.mark.parametrize("which", ["team", "legacy_training", "duplicated_run_logic"])
def test_the_numbers_are_those_of_the_other_commands(which, request, trackfix, report):
    root = request.getfixturevalue("team") if which == "team" else FIXTURES / which
    page, _, _ = report(root)
    modules = json.loads(trackfix("scan", "--format", "json", root).stdout)["modules"]
    assert number(page.terms["Re-export modules"]) == len(modules)
    classes = Counter(module["class"] for module in modules)
    shown = re.findall(r"(\d+) (shim|wrapper|mixed|facade)", page.terms["Re-export modules"])
    assert {name: int(count) for count, name in shown} == classes
    shims = [m for m in modules if m["class"] == "shim"]
    references = sum(sum(module["references"].values()) for module in shims)
    assert number(page.terms["References"]) == references
    rows = rows_of(page, "Modules with the number of references to each")
    rows += rows_of(page, "Facades with the number of imports of each")
    told = {row[0].split()[0]: list(map(int, row[2:7])) for row in rows}
    assert told == {m["module"]: list(m["references"].values()) for m in modules}

    done = trackfix("lint", root, "--no-cache", "--output-format", "json")
    findings = json.loads(done.stdout)["findings"]
    assert number(page.terms["Findings"]) == len(findings)
    rows = rows_of(page, "Findings by rule and folder")
    by_rule = {row[0].split()[0]: int(row[1]) for row in rows}
    assert by_rule.pop("all") == len(findings)
    assert by_rule == Counter(f["code"] for f in findings)
    assert all(sum(map(int, row[2:])) == int(row[1]) for row in rows)

    done = trackfix("scan", "--duplicates", "--format", "json", root)
    totals = json.loads(done.stdout)["totals"]
    groups, copies, lines = (
        sum(total[key] for total in totals) for key in ("groups", "copies", "lines_to_go")
    )
    assert number(page.terms["Duplicates"]) == copies
    if groups:
        expected = ["all", str(groups), str(copies), f"about {lines}"]
        assert rows_of(page, "Copies by job")[-1] == expected
        assert page.terms["Duplicates"].endswith(
            f"of {groups} job{'s' * (groups > 1)}; about {lines} lines would go"
        )

    plan = json.loads(trackfix("apply", "--check", "--format", "json", root).stdout)
    assert number(page.terms["Files to change"]) == len(plan["changed"])
    edits = sum(file["edits"] for file in plan["changed"])
    summary = f"by one apply, in {edits} edit{'s' * (edits != 1)}" if plan["changed"] else "none"
    assert page.terms["Files to change"].endswith(summary)
    rows = rows_of(page, "Edits by codemod")
    by_codemod = Counter(name for file in plan["changed"] for name in file["codemods"])
    assert {row[0]: int(row[1]) for row in rows[:-1]} == by_codemod
    assert sum(int(row[2]) for row in rows[:-1]) == edits
    skipped = re.findall(r"Left alone: (\d+) place", page.section("apply"))
    assert skipped == [str(len(plan["skipped"]))] * bool(plan["skipped"])
    for place in plan["skipped"]:
        assert f"{place['path']}:{place['line']} {place['reason']}" in page.section("apply")


def test_the_diff_is_that_of_apply(team, trackfix, report):
    page, _, _ = report(team)
    diff = trackfix("apply", "--diff", team).stdout
    lines = [
        line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert "-from lib.old import f" in lines
    shown = "".join(page.sections["apply"])
    assert all(line in shown for line in lines)


def test_the_imports_are_shown_before_and_after(team, report):
    page, _, _ = report(team)
    before = page.tables["Arrows: before"]
    after = page.tables["Arrows: after one apply"]
    assert ["app", "lib.old", "a shim", "1 import"] in before
    assert ["app", "lib.home", "a home", "1 import"] in after
    assert not [row for row in after if row[1] == "lib.old"]
    # What can't be moved still goes through its shim.
    assert ["use", "lib.guard", "a shim", "2 imports"] in after
    assert [tag for tag, _ in page.tags].count("svg") == 2


def test_the_copies_stand_side_by_side(team, report):
    page, source, _ = report(team)
    assert "copy/tags.py:5-7 in newest" in page.section("duplicates")
    assert '<li class="shared">' in source


def test_the_default_is_a_file_in_the_current_folder(team, trackfix, monkeypatch):
    monkeypatch.chdir(team)
    before = snapshot(team)
    done = trackfix("report")
    assert (done.exit_code, done.stdout) == (0, "Wrote trackfix-report.html.\n")
    after = snapshot(team)
    page = after.pop(team / "trackfix-report.html")
    assert after == before
    assert page[0].endswith(b"</html>\n")
    assert not list(team.glob(".*tmp"))


def test_a_hyphen_is_standard_output(team, trackfix, html_page):
    before = snapshot(team)
    done = trackfix("report", team, "-o", "-")
    assert done.exit_code == 0
    html_page(done.stdout)
    assert snapshot(team) == before


def test_the_page_in_the_project_is_no_part_of_it(team, trackfix):
    assert trackfix("report", team, "-o", team / "docs.html").exit_code == 0
    first = (team / "docs.html").read_bytes()
    assert b"lib.old" in first
    assert trackfix("report", team, "-o", team / "docs.html").exit_code == 0
    assert (team / "docs.html").read_bytes() == first
    assert "docs.html" not in trackfix("scan", "--references", "lib.old", team).stdout


def test_the_page_is_the_same_with_another_hash_seed(team):
    pages = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", MAIN, "report", str(team), "-o", "-"],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        pages.add(done.stdout)
    assert len(pages) == 1


def test_a_report_is_replaced_in_one_step(team, trackfix, monkeypatch):
    page = team / "page.html"
    assert trackfix("report", team, "-o", page).exit_code == 0
    first = page.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    done = trackfix("report", team, "-o", page)
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1].endswith(
        "page.html: No space left on device; check the folder"
    )
    assert page.read_bytes() == first
    assert not list(team.glob(".*tmp"))


@pytest.mark.parametrize("text", ["", "<!doctype html><p>mine</p>"])
def test_another_file_is_not_replaced(team, trackfix, text):
    page = team / "page.html"
    page.write_text(text)
    done = trackfix("report", team, "-o", page)
    assert (done.exit_code, done.stdout) == (2, "")
    assert (
        done.stderr
        == f"trackfix: {page}: is there and is no report of trackfix; choose another name\n"
    )
    assert page.read_text() == text


def test_the_page_of_copies_is_not_replaced(team, trackfix):
    page = team / "page.html"
    page.write_text(trackfix("scan", "--duplicates", "--format", "html", team).stdout)
    assert trackfix("report", team, "-o", page).exit_code == 2


@pytest.mark.parametrize(
    "name, told",
    [
        ("page.txt", "a report is a file *.html; choose such a name"),
        ("none/page.html", "there is no such folder; make it, or choose another one"),
        ("folder.html", "is there and is no report of trackfix; choose another name"),
    ],
)
def test_what_can_not_be_written_is_said_before_anything_is_read(team, trackfix, name, told):
    (team / "folder.html").mkdir()
    (team / "pyproject.toml").write_text("[tool.trackfix]\nsrc = 1\n")
    done = trackfix("report", team, "-o", team / name)
    assert done.exit_code == 2
    assert done.stderr == f"trackfix: {team / name}: {told}\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_a_pipe_is_not_waited_for(team, trackfix):
    os.mkfifo(team / "page.html")
    assert trackfix("report", team, "-o", team / "page.html").exit_code == 2


def test_a_wrong_setting_is_one_line(team, trackfix, tmp_path_factory):
    (team / "pyproject.toml").write_text("[tool.trackfix]\nsrc = 1\n")
    page = tmp_path_factory.mktemp("out") / "page.html"
    done = trackfix("report", team, "-o", page)
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert not page.exists()


def test_an_empty_project_has_a_page_that_says_so(tmp_path, report):
    page, _, done = report(tmp_path)
    assert done.stderr == ""
    for label in ("Files", "Re-export modules", "References", "Findings", "Duplicates"):
        assert number(page.terms[label]) == 0
    assert "One apply would change nothing." in page.section("summary")
    assert "No re-export modules found." in page.section("reexports")
    assert "No findings." in page.section("findings")
    assert "There are no shims" in page.section("imports")
    assert "No run logic is written more than once." in page.section("duplicates")
    assert page.section("apply").endswith("Nothing to change.")


def test_a_project_without_mlflow_and_without_git_has_a_page(tmp_path, report):
    write(tmp_path, {"pkg/__init__.py": "", "pkg/a.py": "x = 1\n", "b.py": "from pkg.a import x\n"})
    page, _, done = report(tmp_path)
    assert page.terms["Files"] == "3 3 Python files"
    assert "No findings." in page.section("findings")
    assert done.stderr == ""


def test_files_that_can_not_be_read_are_told_and_left_out(tmp_path, report):
    write(tmp_path, {"a.py": "def f(:\n", "b.ipynb": "{", "pkg.py": "x = 1\n"})
    (tmp_path / "c.py").write_bytes(b"x = '\xff'\n")
    page, _, done = report(tmp_path)
    assert "3 files could not be read as Python and are left out" in page.section("summary")
    assert "a.py:1" in page.section("summary")
    assert len(done.stderr.splitlines()) == 3


def test_hostile_names_and_code_are_shown_and_do_nothing(tmp_path, report):
    name = "</script><b onload=x>&'\".py"
    evil = "\u202e\x1b[31m</title></style></script><img src=x onerror=alert(1)>"
    files = {
        "lib/__init__.py": "",
        "lib/home.py": "def f():\n    return 1\n",
        "lib/old.py": f'"""Deprecated: {evil}."""\nfrom lib.home import f\n',
        name: f"from lib.old import f  # {evil}\n",
        "évil\u202e.py": "from lib.old import f\r\nx = '\t<'\r\n",
        "bad\x1b.py": f"def (: # {evil}\n",
    }
    write(tmp_path, files)
    page, source, _ = report(tmp_path)
    assert name in page.words
    assert "</title></style></script><img src=x onerror=alert(1)>" in page.words
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", source)
    assert "bad\\x1b.py" in page.section("summary")


def test_a_file_name_that_is_no_text_is_shown(tmp_path, report):
    try:
        (tmp_path / os.fsdecode(b"a\xff.py")).write_text("def f(:\n")
    except OSError:
        pytest.skip("the file system takes no such name")
    page, _, _ = report(tmp_path)
    assert "a\\udcff.py" in page.words


def test_the_page_is_made_without_loading_mlflow(team):
    code = (
        "import sys\nfrom trackfix.cli import cli\n"
        f"cli(['report', {str(team)!r}, '-o', '-'], standalone_mode=False)\n"
        "sys.exit('mlflow' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)
