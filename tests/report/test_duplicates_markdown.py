"""What Markdown shows of the copies."""

from trackfix.report.duplicates import markdown


def test_totals_come_first_and_then_a_section_for_each_group(catalogue):
    lines = markdown.render(catalogue).splitlines()
    assert lines[2:7] == [
        "| job | groups | places | lines to go |",
        "| --- | --- | --- | --- |",
        "| Finding a run | 1 | 1 | about 4 |",
        "| Creating a run | 1 | 2 | about 8 |",
        "| **all** | 2 | 3 | about 12 |",
    ]
    assert [line for line in lines if line.startswith("## ")] == [
        "## Finding a run: `pkg.finder.find_newest`",
        "## Creating a run: `trackfix.tracking.create_child_run`",
    ]


def test_a_copy_is_a_list_of_what_is_the_same_and_what_is_not(catalogue):
    found = markdown.render(catalogue)
    assert (
        "* `pkg/tags.py:4-8` in `tag_newest (3-8)`, alike 0.93\n"
        "  * beside: `pkg/finder.py:3-7`\n"
        "  * same steps: `experiment from its name → hits[0] → hits[0].info.run_id`\n"
        "  * another way: `search_runs(no filter, by time, one) here, "
        "search_runs(no filter, by time) there`\n"
        "  * call instead: `find_newest(client=..., name=...), which is at hand in this file`\n"
    ) in found


def test_backticks_in_what_is_shown_end_no_code():
    assert markdown.code("tag `a`") == "`` tag `a` ``"
    assert markdown.code("plain") == "`plain`"


def test_a_project_without_copies_says_so(no_copies):
    assert markdown.render(no_copies) == "No run logic is written more than once."
