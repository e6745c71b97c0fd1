"""The plug-in under the real flake8, and what it does with what flake8 gives it."""

import argparse
import ast
import multiprocessing
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from trackfix.lint import flake8 as plugin
from trackfix.lint.session import Session

FILES = {
    "pyproject.toml": "[project]\nname = 'p'\n",
    "lib/__init__.py": "",
    "lib/home.py": "def f():\n    return 1\n",
    "lib/old.py": '"""Deprecated, moved to lib.home."""\n\nfrom lib.home import f\n',
    "app.py": "from lib.old import f\n\nprint(f())\n",
    "b.py": "import os\nfrom lib.old import f\n",
    "clean.py": "from lib.home import f\n\nprint(f())\n",
}


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))


@pytest.fixture
def tree(tmp_path):
    write(tmp_path, FILES)
    return tmp_path


@pytest.fixture
def flake8(tree):
    """What flake8 says, as ``path code`` or in full."""

    def run(*arguments, cwd=tree, stdin=None, full=False):
        done = subprocess.run(
            [sys.executable, "-m", "flake8", "--isolated", *arguments],
            cwd=cwd,
            input=stdin,
            capture_output=True,
            text=True,
        )
        assert done.stderr == ""
        lines = sorted(done.stdout.splitlines())
        return lines if full else sorted(map(path_and_code, lines))

    return run


def path_and_code(line):
    place, _, rest = line.partition(": ")
    return f"{place.split(':')[0]} {rest.split()[0]}"


def test_the_findings_come_with_those_of_other_plug_ins(flake8):
    assert flake8() == [
        "./app.py TRK101",
        "./b.py F401",
        "./b.py F401",
        "./b.py TRK101",
        "./lib/old.py F401",
        "./lib/old.py TRK102",
    ]


def test_a_finding_is_one_line_with_the_column_counted_from_one(flake8):
    (line,) = flake8("--select", "TRK", "app.py", full=True)
    assert line.startswith("app.py:1:6: TRK101 'f' comes through the shim lib.old; it is defined ")


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (["--select", "TRK"], ["./app.py TRK101", "./b.py TRK101", "./lib/old.py TRK102"]),
        (["--select", "TRK102"], ["./lib/old.py TRK102"]),
        (["--select", "TRK", "--extend-ignore", "TRK101"], ["./lib/old.py TRK102"]),
        (["--select", "F"], ["./b.py F401", "./b.py F401", "./lib/old.py F401"]),
        (["--select", "TRK", "--per-file-ignores", "lib/*:TRK1"], ["./app.py TRK101", "./b.py TRK101"]),
        (["--select", "TRK", "--exclude", "lib,b.py"], ["./app.py TRK101"]),
    ],
)  # fmt: skip
def test_flake8_selects_and_ignores_as_with_its_own_codes(flake8, arguments, expected):
    assert flake8(*arguments) == expected


@pytest.mark.parametrize("comment", ["# noqa", "# noqa: TRK101", "# noqa:F401,TRK101"])
def test_noqa_suppresses_a_finding(flake8, tree, comment):
    write(tree, {"app.py": f"from lib.old import f  {comment}\n\nprint(f())\n"})
    assert flake8("app.py") == []


def test_noqa_with_another_code_suppresses_nothing(flake8, tree):
    write(tree, {"app.py": "from lib.old import f  # noqa: E501\n\nprint(f())\n"})
    assert flake8("app.py") == ["app.py TRK101"]


def test_the_suppressions_of_trackfix_count_and_an_unused_one_is_a_finding(flake8, tree):
    ignore = "# trackfix: ignore[TRK101] -- kept for now"
    write(tree, {"app.py": f"from lib.old import f  {ignore}\n\nprint(f())  {ignore}\n"})
    (line,) = flake8("app.py", full=True)
    assert line.startswith("app.py:3:13: TRK001 ignore[TRK101] suppresses no finding")


def test_the_settings_of_trackfix_count(flake8, tree):
    write(
        tree,
        {
            "pyproject.toml": """
                [tool.trackfix]
                exclude = ["b.py"]
                ignore = ["TRK102"]
                per-file-ignores = { "app.py" = ["shim-import"] }
            """,
            "other.py": "from lib.old import f\n\nprint(f())\n",
        },
    )
    assert flake8("--select", "TRK") == ["./other.py TRK101"]


def test_two_processes_report_what_one_does(flake8, tree):
    for number in range(6):
        write(tree, {f"more/m{number}.py": "from lib.old import f\n\nprint(f())\n"})
    alone = flake8("--select", "TRK", "-j", "1", full=True)
    assert flake8("--select", "TRK", "-j", "2", full=True) == alone
    assert len(alone) == 9


@pytest.mark.parametrize("arguments", [["app.py", "clean.py"], ["./app.py"], ["lib/../app.py"]])
def test_with_files_given_the_rules_see_the_whole_project(flake8, arguments):
    assert [line.split()[1] for line in flake8("--select", "TRK", *arguments)] == ["TRK101"]


def test_an_absolute_path_and_a_folder_below_will_do(flake8, tree):
    assert flake8("--select", "TRK", str(tree / "app.py")) == [f"{tree}/app.py TRK101"]
    assert flake8("--select", "TRK", "..", cwd=tree / "lib") == [
        "../app.py TRK101",
        "../b.py TRK101",
        "../lib/old.py TRK102",
    ]


def test_a_clean_file_has_no_findings(flake8):
    assert flake8("clean.py") == []


def test_a_syntax_error_is_left_to_flake8_and_the_others_are_checked(flake8, tree):
    write(tree, {"broken.py": "def f(:\n"})
    found = flake8()
    assert "./broken.py E999" in found
    assert "./broken.py TRK000" not in found
    assert "./app.py TRK101" in found


def test_standard_input_is_a_file_in_the_current_folder(flake8):
    assert flake8("--select", "TRK", "-", stdin="from lib.old import f\n") == ["stdin TRK101"]
    assert flake8("--select", "TRK", "-", stdin="from lib.home import f\n") == []


def test_standard_input_stands_for_the_file_that_is_named(flake8):
    name = ["--select", "TRK", "--stdin-display-name", "app.py"]
    assert flake8(*name, "-", stdin="print(1)\n") == []
    assert flake8(*name, "-", stdin="import lib.old\nlib.old.f()\n") == ["app.py TRK101"]


@pytest.mark.parametrize(
    "data",
    [
        "# coding: latin-1\n# ü\nfrom lib.old import f\n".encode("latin-1"),
        b"\xef\xbb\xbf# \xc3\xbc\n#\nfrom lib.old import f\n",
        b"#\r\n#\r\nfrom lib.old import f\r\n",
    ],
)
def test_standard_input_in_any_encoding_is_read(tree, data):
    done = subprocess.run(
        [sys.executable, "-m", "flake8", "--isolated", "--select", "TRK", "-"],
        cwd=tree,
        input=data,
        capture_output=True,
    )
    assert done.stdout.startswith(b"stdin:3:6: TRK101")


def test_each_file_belongs_to_the_nearest_project(flake8, tree):
    write(
        tree,
        {
            "inner/pyproject.toml": "[tool.trackfix]\nignore = ['TRK102']\n",
            "inner/home.py": "x = 1\n",
            "inner/old.py": '"""Deprecated."""\nfrom home import x\n',
            "inner/use.py": "from old import x\n",
        },
    )
    assert "./inner/use.py TRK101" in flake8("--select", "TRK")
    assert "./inner/old.py TRK102" not in flake8("--select", "TRK")
    assert flake8("--select", "TRK", ".", "inner/old.py") == flake8("--select", "TRK")


def test_a_bad_setting_is_a_finding_and_the_other_plug_ins_go_on(flake8, tree):
    write(tree, {"pyproject.toml": "[tool.trackfix]\nselct = []\n"})
    lines = flake8("b.py", full=True)
    assert [line.split()[1] for line in lines] == ["F401", "TRK000", "F401"]
    assert "[tool.trackfix] has no key 'selct'; did you mean 'select'?" in lines[1]


# What the real flake8 can't be made to do


@pytest.fixture
def call():
    """Checks files as flake8 would after reading its options."""

    def run(*given, stdin="stdin", files=None, jobs=1):
        options = argparse.Namespace(
            filenames=list(map(str, given)),
            stdin_display_name=stdin,
            jobs=argparse.Namespace(is_auto=jobs == "auto", n_jobs=jobs),
        )
        plugin.Plugin.parse_options(options)
        return [found for file in files or given for found in check(file)]

    def check(file):
        return list(plugin.Plugin(ast.Module([], []), str(file), ()).run())

    yield run
    plugin._call = plugin._Call()


@pytest.fixture
def opened(monkeypatch):
    """The projects that were opened, one entry for each time."""
    roots = []

    class Counted(Session):
        def __init__(self, root, *rest, **options):
            roots.append(root)
            super().__init__(root, *rest, **options)

    monkeypatch.setattr(plugin, "Session", Counted)
    return roots


def test_a_project_is_opened_once_for_all_its_files(tree, call, opened):
    found = call(tree, files=[tree / "app.py", tree / "b.py", tree / "clean.py", tree / "app.py"])
    assert [message.split()[0] for _, _, message, _ in found] == ["TRK101"] * 3
    assert opened == [tree]


@pytest.mark.parametrize("jobs", [2, "auto"])
def test_processes_that_are_forked_share_what_was_found(tree, call, opened, monkeypatch, jobs):
    monkeypatch.setattr(multiprocessing, "get_start_method", lambda allow_none: "fork")
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    call(tree, jobs=jobs)
    assert opened == [tree]
    assert [*plugin.Plugin(ast.Module([], []), str(tree / "app.py"), ()).run()]
    assert opened == [tree]


@pytest.mark.parametrize(
    "given, jobs, method",
    [([""], 1, "fork"), ([""], 2, "spawn"), (["app.py"], 2, "fork"), (["-", "app.py"], 2, "fork")],
)
def test_nothing_is_checked_before_it_is_asked_for_where_nobody_would_share_it(
    tree, opened, monkeypatch, call, given, jobs, method
):
    monkeypatch.setattr(multiprocessing, "get_start_method", lambda allow_none: method)
    options = argparse.Namespace(
        filenames=[name if name == "-" else str(tree / name) for name in given],
        stdin_display_name="stdin",
        jobs=argparse.Namespace(is_auto=False, n_jobs=jobs),
    )
    plugin.Plugin.parse_options(options)
    assert opened == []


def test_the_next_call_sees_what_has_changed_since(tree, call):
    assert call(tree / "app.py")
    write(tree, {"app.py": "print(1)\n"})
    assert call(tree / "app.py") == []


def test_a_failure_is_told_in_one_line_and_never_raised(tree, call, monkeypatch):
    def fail(self, step=None):
        raise RecursionError("too\ndeep")

    monkeypatch.setattr(Session, "check", fail)
    ((line, column, message, owner),) = call(tree / "app.py")
    assert (line, column, owner) == (1, 0, plugin.Plugin)
    assert message == (
        "TRK000 not checked by trackfix: RecursionError: too deep; please report this"
    )


def test_without_options_the_whole_project_is_checked(tree):
    plugin._call = plugin._Call()
    assert list(plugin.Plugin(ast.Module([], []), str(tree / "app.py"), ()).run())
    assert list(plugin.Plugin(ast.Module([], []), str(tree / "clean.py"), ()).run()) == []


def test_a_file_that_the_project_does_not_list_has_no_findings(tree, call):
    write(tree, {".gitignore": "made.py\n", "made.py": "from lib.old import f\n"})
    assert call(tree / "made.py") == []


def test_a_file_behind_a_symbolic_link_is_the_file_itself(tree, call):
    os.symlink(tree / "app.py", tree / "link.py")
    assert [found[2].split()[0] for found in call(tree / "link.py")] == ["TRK101"]


def test_the_plug_in_is_announced_under_the_code_of_its_findings():
    import importlib.metadata

    (found,) = (
        point
        for point in importlib.metadata.entry_points(group="flake8.extension")
        if point.value.startswith("trackfix.")
    )
    assert found.name == "TRK"
    assert found.load() is plugin.Plugin


def test_the_module_loads_neither_flake8_nor_what_is_heavy():
    code = "import sys, trackfix.lint.flake8; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"flake8", "libcst", "mlflow", "rich", "click", "trackfix_rules"}
    assert Path(plugin.__file__).name == "flake8.py"
