def test_the_last_apply_is_taken_back(tree, trackfix):
    before = (tree / "app.py").read_bytes()
    trackfix("apply", tree)
    done = trackfix("undo", tree)
    assert done.exit_code == 0
    assert done.output == "Restored 1 file.\n  app.py\n"
    assert (tree / "app.py").read_bytes() == before


def test_a_file_that_was_changed_since_is_not_touched(tree, trackfix):
    trackfix("apply", tree)
    (tree / "app.py").write_text("mine\n")
    done = trackfix("undo", tree)
    assert done.exit_code == 2
    assert "app.py" in done.stderr
    assert (tree / "app.py").read_text() == "mine\n"


def test_without_an_apply_there_is_nothing_to_undo(tree, trackfix):
    done = trackfix("undo", tree)
    assert done.exit_code == 2
    assert "nothing to undo" in done.stderr
