"""The page of copies."""

import re
from html.parser import HTMLParser

from trackfix.report.duplicates import html, sides

_VOID = {"meta", "br", "hr", "img", "link", "input"}


class Page(HTMLParser):
    """The tags and the text of a page; every tag must be closed in its order."""

    def __init__(self, source):
        super().__init__()
        self.open, self.tags, self.texts, self.rows = [], [], [], []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append((tag, found))
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "li" and found.get("class") in html.SIGNS:
            self.rows.append((found["class"], []))
        if tag == "section":
            self.rows.append(("section", []))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)
        if self.rows:
            self.rows[-1][1].append(data)


def test_the_page_loads_nothing_and_runs_nothing(catalogue):
    page = Page(html.render(catalogue))
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        assert "src" not in attributes
        assert "style" not in attributes
        assert attributes.get("href", "#").startswith("#")
        assert not any(name.startswith("on") for name in attributes)
    policy = [a["content"] for t, a in page.tags if a.get("http-equiv")]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert "url(" not in html.render(catalogue)
    assert "@import" not in html.render(catalogue)


def test_links_lead_to_the_groups(catalogue):
    page = Page(html.render(catalogue))
    targets = {a["href"] for t, a in page.tags if t == "a"}
    assert targets == {f"#{a['id']}" for t, a in page.tags if t == "section"}
    assert len(targets) == 2


def test_code_is_shown_as_it_is(catalogue):
    source = html.render(catalogue)
    assert "&lt;b&gt;&amp;&#x27;x&#x27;&lt;/b&gt;" in source
    assert "<b>&" not in source
    assert "hits = mlflow_client.search_runs(" in "".join(Page(source).texts)


def test_each_step_stands_beside_its_like_with_its_lines(catalogue):
    rows = [(how, "".join(texts)) for how, texts in Page(html.render(catalogue)).rows]
    found = [(how, " ".join(text.split())) for how, text in rows if how in html.SIGNS]
    assert found[4:8] == [
        (
            "shared",
            "=experiment from its name3experiment = client.get_experiment_by_name(name) # mlflow"
            "4if experiment is None and strict:5 raise LookupError(name) "
            "=experiment from its name4found = mlflow_client.get_experiment_by_name(study)",
        ),
        (
            "differs",
            "≈search_runs(no filter, by time)6runs = client.search_runs([experiment.experiment_id],"
            ' order_by=["start_time DESC"]) '
            "≈search_runs(no filter, by time, one)5hits = mlflow_client.search_runs("
            "6 [found.experiment_id], # <b>&'x'</b>7 order_by=[\"start_time DESC\"], max_results=1)",
        ),
        ("shared", "=runs[0]7return runs[0].info.run_id =hits[0]8return hits[0].info.run_id"),
        ("shared", "=runs[0].info.run_id =hits[0].info.run_id"),
    ]
    assert found[-1] == (
        "only-here",
        "+ends the run15mlflow_client.set_terminated(run.info.run_id)",
    )


def test_a_statement_is_shown_to_its_end(catalogue):
    shown = "".join(Page(html.render(catalogue)).texts)
    assert re.search(r"12\s+\"mlflow.runName\": name,13\s+},14\)", shown)


def test_there_are_colours_for_light_and_dark_and_a_narrow_layout(catalogue):
    source = html.render(catalogue)
    assert "@media screen and (prefers-color-scheme: dark)" in source
    assert "@media (max-width: 50rem)" in source
    assert 'name="viewport"' in source


def test_long_steps_are_folded(tmp_path, monkeypatch, catalogue):
    monkeypatch.setattr(sides, "_MOST_LINES", 2)
    page = Page(html.render(catalogue))
    assert "1 more line" in page.texts
    assert any(tag == "details" for tag, _ in page.tags)


def test_a_project_without_copies_says_so(no_copies):
    assert "No run logic is written more than once." in Page(html.render(no_copies)).texts


def test_a_part_of_another_page_shows_so_many_copies_and_counts_the_rest(catalogue):
    lines = list(html.body(catalogue, level=3, most=1))
    page = Page("\n".join(["<main>", *lines, "</main>"]))
    headings = [tag for tag, _ in page.tags if tag in ("h2", "h3", "h4")]
    assert headings == ["h3", "h4"]
    assert [tag for tag, _ in page.tags].count("article") == 1
    shown = " ".join("".join(page.texts).split())
    assert "1 more group not shown here; trackfix scan --duplicates lists all." in shown


def test_a_group_that_is_cut_says_how_many_places_are_left_out(catalogue):
    copies = [len(group.copies) for group in catalogue.groups]
    most = sum(copies) - 1
    assert copies[-1] > 1
    lines = list(html.body(catalogue, most=most))
    assert sum(line.startswith("<article>") for line in lines) == most
    assert "<p>1 more place not shown here; " in lines
    assert "not shown here" not in html.render(catalogue)
