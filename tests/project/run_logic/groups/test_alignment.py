"""Which steps of two pieces are told to be the same."""

from trackfix.project.run_logic.fragments import Step
from trackfix.project.run_logic.groups.alignment import aligned


def pairs(here, there):
    found = aligned(
        [Step(line, text) for line, text in enumerate(here, 1)],
        [Step(line, text) for line, text in enumerate(there, 1)],
    )
    return [(p.how, p.here and p.here.text, p.there and p.there.text) for p in found]


def test_names_and_numbers_of_a_file_make_no_difference():
    assert pairs(
        ["experiment of the run parent", "hits[0].info.run_id", "f(...), which searches in line 3"],
        ["experiment of the run p", "runs[0].info.run_id", "f(...), which searches in line 90"],
    ) == [
        ("shared", "experiment of the run parent", "experiment of the run p"),
        ("shared", "hits[0].info.run_id", "runs[0].info.run_id"),
        ("shared", "f(...), which searches in line 3", "f(...), which searches in line 90"),
    ]


def test_one_job_done_in_two_ways_differs():
    assert pairs(
        ["experiment from its name", "search_runs(no filter)", "next(...)"],
        ["experiment from its id", "list_run_infos(no filter)", "runs[0]"],
    ) == [
        ("differs", "experiment from its name", "experiment from its id"),
        ("differs", "search_runs(no filter)", "list_run_infos(no filter)"),
        ("differs", "next(...)", "runs[0]"),
    ]


def test_another_number_of_tags_is_told():
    assert pairs(["builds 3 tags"], ["builds 4 tags"])[0][0] == "differs"
    assert pairs(["create_run(experiment, 1 tags)"], ["create_run(experiment)"])[0][0] == "differs"
    assert pairs(["builds 3 tags"], ["builds 3 tags"])[0][0] == "shared"


def test_steps_of_one_side_keep_their_place():
    assert pairs(
        ["a", "experiment from its name", "b", "c"], ["experiment from its name", "x", "c", "y"]
    ) == [
        ("only-here", "a", None),
        ("shared", "experiment from its name", "experiment from its name"),
        ("only-there", None, "x"),
        ("only-here", "b", None),
        ("shared", "c", "c"),
        ("only-there", None, "y"),
    ]


def test_an_equal_step_is_preferred_to_one_that_differs():
    assert pairs(["search_runs(name)"], ["search_runs(tag a)", "search_runs(name)"]) == [
        ("only-there", None, "search_runs(tag a)"),
        ("shared", "search_runs(name)", "search_runs(name)"),
    ]


def test_equal_steps_in_another_order_are_shared_at_the_place_of_the_copy():
    assert pairs(["tag x", "create_run(a)", "ends the run"], ["create_run(a)", "tag x"]) == [
        ("shared", "tag x", "tag x"),
        ("shared", "create_run(a)", "create_run(a)"),
        ("only-here", "ends the run", None),
    ]


def test_each_step_is_paired_once():
    assert pairs(["tag x", "create_run(a)", "tag x"], ["create_run(a)", "tag x"]) == [
        ("only-here", "tag x", None),
        ("shared", "create_run(a)", "create_run(a)"),
        ("shared", "tag x", "tag x"),
    ]


def test_steps_of_different_jobs_are_never_paired():
    assert pairs(["ends the run"], ["search_runs(no filter)"]) == [
        ("only-there", None, "search_runs(no filter)"),
        ("only-here", "ends the run", None),
    ]


def test_beside_nothing_all_steps_are_only_here():
    assert pairs(["a", "b"], []) == [("only-here", "a", None), ("only-here", "b", None)]
