import json
import os

import pytest


def test_imports_are_moved_and_the_summary_names_the_files(tree, trackfix):
    done = trackfix("apply", tree)
    assert done.exit_code == 0
    assert (tree / "app.py").read_text() == "from lib.home import f\n\nprint(f())\n"
    assert "Changed 1 file (1 edit).\n  app.py\n" in done.output
    assert "README.md:1  See lib.old for more." in done.output


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_nothing_is_written_when_only_asked(tree, trackfix, option):
    before = (tree / "app.py").read_text()
    done = trackfix("apply", option, tree)
    assert (tree / "app.py").read_text() == before
    assert done.exit_code == (1 if option == "--check" else 0)
    assert not (tree / ".trackfix").exists()


def test_check_is_content_when_there_is_nothing_to_change(tree, trackfix):
    trackfix("apply", tree)
    assert trackfix("apply", "--check", tree).exit_code == 0


def test_the_diff_is_a_patch(tree, trackfix):
    done = trackfix("apply", "--diff", tree)
    assert "--- a/app.py\n+++ b/app.py\n" in done.stdout
    assert "-from lib.old import f\n+from lib.home import f\n" in done.stdout


def test_a_shim_that_a_text_file_names_is_kept_with_the_reason(tree, trackfix):
    done = trackfix("apply", "--remove-shims", tree)
    assert (tree / "lib/old.py").exists()
    assert "kept: README.md:1 mentions it: See lib.old for more." in done.output


def test_a_line_that_names_a_shim_twice_is_listed_once(tree, trackfix):
    (tree / "README.md").write_text("lib.old.f and lib.old\n")
    output = trackfix("apply", tree).output
    assert output.count("README.md:1") == 1
    assert "Still mentioned in text, 1 place:" in output


def test_a_shim_that_nothing_names_is_removed_on_request_only(tree, trackfix):
    (tree / "README.md").unlink()
    trackfix("apply", tree)
    assert (tree / "lib/old.py").exists()
    trackfix("apply", "--remove-shims", tree)
    assert not (tree / "lib/old.py").exists()


def test_so_is_one_of_which_nothing_says_so_after_its_users_have_moved(tree, trackfix):
    (tree / "README.md").unlink()
    (tree / "lib/old.py").write_text("from lib.home import f\n")
    trackfix("apply", tree)
    done = trackfix("apply", "--remove-shims", tree)
    assert "Changed 0 files (0 edits), removed 1 file.\n  lib/old.py" in done.output


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("lib/old.py", "from lib.home import f\n\ndef own(): return f()\n"),
        ("app.py", "print(1)\n"),
    ],
)
def test_it_stays_where_the_last_apply_no_longer_tells_of_it(tree, trackfix, path, text):
    (tree / "README.md").unlink()
    (tree / "lib/old.py").write_text("from lib.home import f\n")
    trackfix("apply", tree)
    (tree / path).write_text(text)
    assert "Nothing to change." in trackfix("apply", "--remove-shims", tree).output


def test_files_with_uncommitted_changes_are_refused(repository, trackfix):
    (repository / "app.py").write_text("from lib.old import f\n\nprint(f(), 2)\n")
    done = trackfix("apply", repository)
    assert done.exit_code == 2
    assert "app.py: uncommitted changes" in done.stderr
    assert "lib.old" in (repository / "app.py").read_text()


def test_files_with_uncommitted_changes_are_taken_when_allowed(repository, trackfix):
    (repository / "app.py").write_text("from lib.old import f\n\nprint(f(), 2)\n")
    assert trackfix("apply", "--allow-dirty", repository).exit_code == 0
    assert (repository / "app.py").read_text() == "from lib.home import f\n\nprint(f(), 2)\n"


@pytest.fixture
def distrust(monkeypatch):
    """Let git take each repository for another user's, as it does with one mounted into a container."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def test_a_repository_of_which_git_says_nothing_is_refused(repository, trackfix, distrust):
    before = (repository / "app.py").read_text()
    done = trackfix("apply", repository)
    assert done.exit_code == 2
    assert "safe.directory" in done.stderr
    assert (repository / "app.py").read_text() == before


def test_a_repository_of_which_git_says_nothing_is_taken_when_allowed(
    repository, trackfix, distrust
):
    assert trackfix("apply", "--allow-dirty", repository).exit_code == 0
    assert trackfix("apply", repository).exit_code == 0, "there is nothing to change any more"
    assert (repository / "app.py").read_text() == "from lib.home import f\n\nprint(f())\n"


def test_what_is_in_no_repository_is_taken(tree, trackfix, distrust):
    assert trackfix("apply", tree).exit_code == 0
    assert (tree / "app.py").read_text() == "from lib.home import f\n\nprint(f())\n"


def test_uncommitted_changes_elsewhere_do_not_matter(repository, trackfix):
    (repository / "README.md").write_text("changed")
    assert trackfix("apply", repository).exit_code == 0


def test_a_failing_verification_rolls_everything_back(tree, trackfix):
    before = (tree / "app.py").read_text()
    done = trackfix("apply", "--verify", "exit 3", tree)
    assert done.exit_code == 1
    assert "failed with 3; everything was rolled back" in done.stderr
    assert (tree / "app.py").read_text() == before


def test_a_passing_verification_keeps_the_result(tree, trackfix):
    assert trackfix("apply", "--verify", "grep -q lib.home app.py", tree).exit_code == 0
    assert "lib.home" in (tree / "app.py").read_text()


def test_an_unknown_codemod_is_an_error_that_names_the_known_ones(tree, trackfix):
    done = trackfix("apply", "--codemod", "rewrite-import", tree)
    assert done.exit_code == 2
    assert (
        "known are rewrite-imports, guard-runs, log-together, modernize-mlflow, use-client-factory, use-source-of-truth, use-tag-constants, use-tag-filter, remove-shims"
        in done.stderr
    )


def test_one_codemod_can_be_chosen(tree, trackfix):
    (tree / "README.md").unlink()
    done = trackfix("apply", "--codemod", "remove-shims", "--format", "json", tree)
    assert json.loads(done.stdout)["changed"] == []


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("[tool.trackfix]\nshim = []\n", "no key 'shim'; did you mean 'shims'?"),
        ("[tool.trackfix]\nshims = 'x'\n", "shims must be a list of strings"),
        ("[tool.trackfix]\nsrc = ['nowhere']\n", "src: no folder 'nowhere'"),
        ("[tool.trackfix]\nrenames = {'a:b' = 'c'}\n", "must both name a module or a symbol"),
        ("[tool]\ntrackfix = 3\n", "[tool.trackfix] must be a table"),
        ("[tool.trackfix\n", "pyproject.toml: "),
    ],
)
def test_a_bad_setting_is_one_line_and_exit_code_2(tree, trackfix, table, message):
    (tree / "pyproject.toml").write_text(table)
    done = trackfix("apply", tree)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_can_not_be_read_is_told_and_the_others_are_changed(tree, trackfix):
    (tree / "broken.py").write_text("def (:\n")
    (tree / "nul.py").write_bytes(b"x = 1\0\n")
    done = trackfix("apply", tree)
    assert done.exit_code == 0
    assert "broken.py:1: syntax error" in done.stderr
    assert "nul.py:1: contains a NUL byte" in done.stderr
    assert "lib.home" in (tree / "app.py").read_text()


def test_a_read_only_file_is_refused_before_anything_is_written(tree, trackfix):
    (tree / "b.py").write_text("from lib.old import g\n")
    (tree / "b.py").chmod(0o444)
    done = trackfix("apply", tree)
    assert done.exit_code == 2
    assert "b.py" in done.stderr
    assert "lib.old" in (tree / "app.py").read_text()
