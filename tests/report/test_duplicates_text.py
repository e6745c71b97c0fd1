"""What a terminal shows of the copies."""

from trackfix.report.duplicates import text

TEXT = """\
Finding a run: pkg.finder.find_newest  pkg/finder.py:1-7
  chosen because its docstring calls it the single source of truth
  pkg/tags.py:4-8  tag_newest (3-8)  0.93
    same steps   experiment from its name → hits[0] → hits[0].info.run_id
    another way  search_runs(no filter, by time, one) here, search_runs(no filter, by time) there
    beside       pkg/finder.py:3-7
    call instead find_newest(client=..., name=...), which is at hand in this file

Creating a run: trackfix.tracking.create_child_run
  chosen because nothing in the project is made for it
  pkg/children.py:3-4  first (1-4)  0.85
    steps        tag mlflow.parentRunId → create_run(experiment: run, 1 tags) → experiment of the run parent
    call instead create_child_run(...) from trackfix.tracking
  pkg/children.py:8-15  second (6-15)  0.85
    same steps   experiment of the run parent → tag mlflow.parentRunId
    another way  create_run(experiment: run, 2 tags) here, create_run(experiment: run, 1 tags) there
    only here    ends the run
    beside       pkg/children.py:3-4
    call instead create_child_run(...) from trackfix.tracking

Finding a run   1 group, 1 place, about 4 lines to go
Creating a run  1 group, 2 places, about 8 lines to go
3 places, about 12 lines to go."""


def test_a_group_shows_its_source_of_truth_and_each_copy_step_by_step(catalogue):
    assert text.render(catalogue) == TEXT


def test_colour_adds_nothing_but_colour(catalogue):
    plain = text.render(catalogue, colour=True)
    assert "\x1b[32msame steps  \x1b[0m" in plain
    for code in ("1", "31", "32", "33", "34", "36", "0"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert plain == TEXT


def test_a_project_without_copies_says_so(no_copies):
    assert text.render(no_copies) == "No run logic is written more than once."
