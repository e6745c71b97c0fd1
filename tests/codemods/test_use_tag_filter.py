"""use-tag-filter: filters on tags are built by the library, others stay."""

import pytest

IMPORT = "import mlflow\n"
BOTH = "import mlflow\nfrom trackfix.tracking import tag_filter\n"


@pytest.fixture
def use(mend_calls):
    def run(source, **options):
        return mend_calls("use-tag-filter", source, unsafe=True, **options)

    return run


FILTERS = {
    "an f-string": ("f\"tags.t = '{t}'\"", 'tag_filter({"t": t})'),
    "two tags": ("f\"tags.t = '{t}' and tags.`a b` = '{u}'\"", 'tag_filter({"t": t, "a b": u})'),
    "a constant beside it": (
        "f\"tags.t='{t}' AND tag.s = 'on'\"",
        'tag_filter({"t": t, "s": "on"})',
    ),
    "the key is a value as well": ("f\"tags.{k} = '{t}'\"", "tag_filter({k: t})"),
    "percent": ("\"tags.t = '%s'\" % t", 'tag_filter({"t": t})'),
    "format": ("\"tags.t = '{}'\".format(t)", 'tag_filter({"t": t})'),
    "plus": ('"tags.t = \'" + t + "\'"', 'tag_filter({"t": t})'),
    "several lines": (
        "f\"tags.t = '{t}' \"\n    f\"and tags.u = '{u[0]}'\"",
        'tag_filter({"t": t, "u": u[0]})',
    ),
    "a key in quotes": ("f\"tags.t = '{u['k']}'\"", 'tag_filter({"t": u["k"]})'),
    "a sign that begins comments elsewhere": (
        "f\"tags.t = '{t}' and tags.u = '#1'\"",
        'tag_filter({"t": t, "u": "#1"})',
    ),
    "a part of a list": (
        "' AND '.join([f\"tags.t = '{t}'\"])",
        "' AND '.join([tag_filter({\"t\": t})])",
    ),
}


@pytest.mark.parametrize("before, after", FILTERS.values(), ids=FILTERS)
def test_a_filter_on_tags_becomes_a_call(use, before, after):
    source = "\ndef f(t, u, k):\n    return mlflow.search_runs(['1'], {})\n"
    done = use(IMPORT + source.replace("{}", before))
    assert done.text == BOTH + source.replace("{}", after)


def test_a_filter_with_a_name_changes_where_it_is_built(use):
    source = "\ndef f(t):\n    query = {}\n    return mlflow.search_runs(['1'], query)\n"
    done = use(IMPORT + source.replace("{}", "f\"tags.t = '{t}'\""))
    assert done.text == BOTH + source.replace("{}", 'tag_filter({"t": t})')


def test_the_import_is_not_added_twice(use):
    source = "\ndef f(t):\n    return mlflow.search_runs(['1'], {})\n"
    done = use(BOTH + source.replace("{}", "f\"tags.t = '{t}'\""))
    assert done.text == BOTH + source.replace("{}", 'tag_filter({"t": t})')


def test_the_import_stands_beside_the_others_where_a_client_is_given(use):
    source = "import os\n\n\ndef f(client: 'MlflowClient', t):\n    return client.search_runs([os.sep], {})  # mlflow\n"
    done = use(source.replace("{}", "f\"tags.t = '{t}'\""))
    expected = source.replace(
        "import os\n", "import os\n\nfrom trackfix.tracking import tag_filter\n"
    )
    assert done.text == expected.replace("{}", 'tag_filter({"t": t})')


JOINED = {
    "the only import": (
        "from trackfix.tracking import create_mlflow_client\n",
        "from trackfix.tracking import create_mlflow_client, tag_filter\n",
    ),
    "the last on a line": (
        "import os; from trackfix.tracking import create_mlflow_client\nos.getcwd()\n",
        "import os; from trackfix.tracking import create_mlflow_client, tag_filter\nos.getcwd()\n",
    ),
    "but for a comment that speaks of all": (
        "from trackfix.tracking import create_mlflow_client  # why\n",
        "from trackfix.tracking import create_mlflow_client  # why\nfrom trackfix.tracking import tag_filter\n",
    ),
}


@pytest.mark.parametrize("before, after", JOINED.values(), ids=JOINED)
def test_the_name_joins_an_import_of_the_same_module(use, before, after):
    source = "\nclient = create_mlflow_client()\n\n\ndef f(t):\n    return client.search_runs(['1'], {})  # mlflow\n"
    done = use(before + source.replace("{}", "f\"tags.t = '{t}'\""))
    assert done.text == after + source.replace("{}", 'tag_filter({"t": t})')


OBSTACLES = {
    "another entity": ("f\"name = '{t}'\"", "it compares more than the values of tags by ="),
    "a part of a value": ("f\"tags.t = 'a-{t}'\"", "it compares more than the values of tags by ="),
    "not equal": ("f\"tags.t != '{t}'\"", "it compares more than the values of tags by ="),
    "a beginning": ("f\"and tags.t = '{t}'\"", "it compares more than the values of tags by ="),
    "the same tag twice": ("f\"tags.t = '{t}' and tags.t = 'a'\"", "it asks for a tag twice"),
    "a whole number": (
        "\"tags.t = '%s' and tags.n = '%d'\" % (t, t)",
        "it compares more than the values of tags by =",
    ),
    "a comment": (
        "f\"tags.t = '{t}'\"  # one\n    f\" and tags.u = '{t}'\"",
        "there may be a comment in the filter",
    ),
    "refused": (
        "\"tags.t = 'a' OR tags.t = 'b'\"",
        "the text of the filter is to be changed by hand",
    ),
}


@pytest.mark.parametrize("text, reason", OBSTACLES.values(), ids=OBSTACLES)
def test_other_filters_stay_and_say_why(use, text, reason):
    source = f"{IMPORT}\ndef f(t):\n    return mlflow.search_runs(['1'], {text})\n"
    done = use(source)
    assert done.text == source
    assert done.skipped == [f"4: {reason}"]


CALL = "    return mlflow.search_runs(['1'], f\"tags.t = '{t}'\")\n"


@pytest.mark.parametrize(
    "source, reason",
    [
        (
            f"import os\n\ndef f(t):\n    import mlflow\n{CALL}",
            "5: the file doesn't import MLflow at its top",
        ),
        (
            f"{IMPORT}\ndef tag_filter(t):\n{CALL}",
            "4: tag_filter means something else here",
        ),
    ],
)
def test_a_name_that_can_not_be_imported_is_an_obstacle(use, source, reason):
    done = use(source)
    assert (done.text, done.skipped) == (source, [reason])


ASKS = "def test(m):\n    {}\n    assert \"tags.t = 'a'\"\n"


def test_a_filter_whose_text_a_test_asks_for_stays(use):
    source = f"{BOTH}def f(t):\n{CALL}"
    done = use(source, files={"test_a.py": ASKS.format("m.assert_called_once()")})
    reason = "test_a.py asks for the text of the filter"
    assert (done.text, done.skipped) == (source, [f"4: {reason}"])


def test_a_test_that_only_searches_by_the_same_filter_is_no_matter(use):
    source = f"{BOTH}def f(t):\n{CALL}"
    assert use(source, files={"test_a.py": ASKS.format("pass")}).text != source


def test_without_unsafe_nothing_changes(mend_calls):
    source = f"{IMPORT}\ndef f(t):\n{CALL}"
    done = mend_calls("use-tag-filter", source)
    assert done.text == source
    assert done.skipped == [
        "4: unsafe: the file then needs trackfix.tracking, which takes None for no value"
    ]


@pytest.mark.parametrize("value", ["plain", "it's late", 'say "x"'])
def test_the_call_finds_what_the_filter_was_meant_to(value):
    from trackfix.tracking import tag_filter

    quote = '"' if "'" in value else "'"
    assert tag_filter({"t": value}) == f"tags.`t` = {quote}{value}{quote}"
