"""A plan holds all edits of one apply, and none that does not pass the verification."""

import textwrap

import pytest

from trackfix.project.project import open_project
from trackfix.rewrite.codemod import (
    NewContent,
    Proposal,
    Skipped,
    codemod_names,
    load_codemods,
)
from trackfix.rewrite.plan import make_plan

FILES = {
    "home.py": "def a(): pass\n",
    "old.py": "from home import a\n",
    "one.py": "from old import a\nx = a\n",
    "two.py": "from old import a\ny = a\n",
}


class Writes:
    """A codemod that gives a file fixed contents, once."""

    name = "writes"
    summary = "writes fixed contents"
    on_request = False

    def __init__(self, path, data, *, always=False):
        self.path, self.data, self.always, self.seen_held = path, data, always, []

    def propose(self, project, moves, *, unsafe, held):
        self.seen_held.append(held)
        if self.path in held or (not self.always and project.read(self.path) == self.data):
            return Proposal()
        return Proposal({self.path: NewContent(self.data, 1)}, [Skipped(self.path, 9, "a note")])


class Prepends:
    """A codemod that puts a comment before all else, and says something of the last line."""

    summary = "prepends a comment"
    on_request = False

    def __init__(self, path, name):
        self.path, self.name = path, name

    def propose(self, project, moves, *, unsafe, held):
        data = project.read(self.path)
        if self.name.encode() in data:
            return Proposal()
        note = (data.count(b"\n"), self.name)
        new = b"# %b\n%b" % (self.name.encode(), data)
        return Proposal({self.path: NewContent(new, 1, notes=(note,))})


@pytest.fixture
def project(tmp_path):
    def write(files):
        for path, source in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(textwrap.dedent(source), encoding="utf-8")
        return open_project(tmp_path)

    return write


def both():
    return list(load_codemods(("rewrite-imports", "remove-shims")))


def test_a_plan_has_the_files_in_order_with_both_contents(project):
    plan = make_plan(project(FILES), both()[:1])
    assert [file.path for file in plan.files] == ["one.py", "two.py"]
    first = plan.files[0]
    assert (first.before, first.after) == (
        b"from old import a\nx = a\n",
        b"from home import a\nx = a\n",
    )
    assert first.edits == 1 and first.codemods == ("rewrite-imports",)
    assert first.edits_by == (("rewrite-imports", 1),)
    change = plan.changes[0]
    assert (change.path, change.before, change.after) == ("one.py", first.before, first.after)


def test_making_a_plan_writes_nothing(project, tmp_path):
    make_plan(project(FILES), both())
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == FILES


def test_an_empty_project_has_an_empty_plan(project):
    plan = make_plan(project({"a.py": "x = 1\n"}), both())
    assert (plan.files, plan.skipped, plan.remaining, plan.changes) == ((), (), (), ())


def test_a_later_codemod_sees_what_an_earlier_one_did(project):
    plan = make_plan(project(FILES), both())
    assert {file.path: file.after is None for file in plan.files} == {
        "old.py": True,
        "one.py": False,
        "two.py": False,
    }


def test_a_file_that_two_codemods_change_names_both(project):
    plan = make_plan(
        project(FILES), [*both()[:1], Writes("one.py", b"# x\nfrom home import a\nx = a\n")]
    )
    assert plan.files[0].codemods == ("rewrite-imports", "writes")
    assert plan.files[0].edits == 2


REFUSED = {
    "what does not parse": (b"from home import (\n", "syntax error"),
    "an import that leads nowhere": (
        b"from home import nothing\nx = nothing\n",
        "home has no nothing",
    ),
    "an undefined name": (b"x = a\n", "a became undefined"),
    "a changed statement": (b"from home import a\nx = a\nprint(x)\n", "is no import was changed"),
}


@pytest.mark.parametrize("data, reason", REFUSED.values(), ids=REFUSED)
def test_contents_that_do_not_pass_are_held_back_and_told(project, data, reason):
    codemod = Writes("one.py", data)
    plan = make_plan(project(FILES), [codemod])
    assert plan.files == ()
    assert codemod.seen_held[-1].keys() == {"one.py"}
    assert reason in codemod.seen_held[-1]["one.py"]
    (told,) = plan.skipped
    assert told.path == "one.py" and told.reason.startswith("held back, the result did not pass: ")
    assert reason in told.reason


def test_a_codemod_that_never_ends_is_held_back(project):
    plan = make_plan(
        project({"a.py": "x = 1\n"}), [Writes("a.py", b"# more\nx = 1\n", always=True)]
    )
    assert plan.files == ()
    assert "second run of writes would change it again" in plan.skipped[0].reason


def test_the_rest_goes_on_without_what_is_held_back(project):
    plan = make_plan(project(FILES), [*both()[:1], Writes("two.py", b"broken(\n")])
    assert [file.path for file in plan.files] == ["one.py"]


def test_a_shim_is_kept_for_a_user_that_is_held_back(project):
    plan = make_plan(project(FILES), [Writes("two.py", b"broken(\n"), *both()])
    assert [file.path for file in plan.files] == ["one.py"]
    assert any(s.path == "old.py" and "two.py" in s.reason for s in plan.skipped)


def test_notes_of_a_codemod_are_handed_on(project):
    plan = make_plan(project({"a.py": "x = 1\n"}), [Writes("a.py", b"# more\nx = 1\n")])
    assert Skipped("a.py", 9, "a note") in plan.skipped


def test_notes_have_the_lines_before_all_changes(project):
    codemods = [Prepends("a.py", "one"), Prepends("a.py", "two")]
    (file,) = make_plan(project({"a.py": "x = 1\ny = 2\n"}), codemods).files
    assert file.after == b"# two\n# one\nx = 1\ny = 2\n"
    assert file.notes == ((2, "one"), (2, "two"))


MENTIONED = {
    **{
        f"pkg/{path}": text.replace("from old", "from pkg.old").replace(
            "from home", "from pkg.home"
        )
        for path, text in FILES.items()
    },
    "pkg/__init__.py": "",
    "README.md": "see pkg.old\n",
}


def test_what_still_names_a_shim_is_listed(project):
    plan = make_plan(project(MENTIONED), both())
    assert [(m.path, m.line, m.text) for m in plan.remaining] == [("README.md", 1, "see pkg.old")]


def test_what_names_a_shim_of_an_earlier_apply_is_listed_though_another_one_goes(project):
    files = {
        "pkg/__init__.py": "",
        "pkg/home.py": "def a(): pass\n",
        "pkg/old.py": "from pkg.home import a\n",
        "pkg/gone.py": '"""Deprecated."""\nfrom pkg.home import a\n',
        "pkg/user.py": "from pkg.home import a\na()\n",
        "README.md": "see pkg.old\n",
    }
    earlier = {"pkg/user.py": b"from pkg.old import a\na()\n"}
    plan = make_plan(project(files), both(), earlier=earlier)
    assert [file.path for file in plan.files] == ["pkg/gone.py"]
    assert [mention.text for mention in plan.remaining] == ["see pkg.old"]


def test_a_codemod_that_is_not_about_shims_lists_no_mentions_of_them(project):
    assert make_plan(project(MENTIONED), [Writes("pkg/one.py", b"# x\n")]).remaining == ()


def test_the_installed_codemods_run_in_a_fixed_order():
    names = codemod_names()
    assert names[0] == "rewrite-imports" and names[-1] == "remove-shims"
    loaded = list(load_codemods(names[::-1]))
    assert [codemod.name for codemod in loaded] == list(names)
    assert [
        codemod.on_request
        for codemod in loaded
        if codemod.name in ("rewrite-imports", "remove-shims")
    ] == [False, True]
    assert all(codemod.summary for codemod in loaded)
