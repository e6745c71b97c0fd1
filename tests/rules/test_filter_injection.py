"""TRK507: values that break a filter, texts that MLflow refuses, and what is right."""

import pytest

START = (
    "import mlflow\nfrom mlflow import MlflowClient\n\ndef f(title, client: MlflowClient, *args):\n"
)


@pytest.fixture
def messages(check):
    """The messages of the findings in the body of a function."""

    def run(body, path="a.py"):
        indented = "".join(f"    {line}\n" for line in body.splitlines())
        return [found.message for found in check("TRK507", {path: START + indented})]

    return run


BROKEN = "a quote in title changes or breaks the filter"
FOUND = {
    "an f-string": "mlflow.search_runs(['1'], f\"tags.t = '{title}'\")",
    "double quotes": "mlflow.search_runs(['1'], f'tags.t = \"{title}\"')",
    "by keyword": "mlflow.search_runs(filter_string=f\"tags.t = '{title}'\")",
    "percent": "mlflow.search_runs(['1'], \"tags.t = '%s'\" % title)",
    "percent with a tuple": "mlflow.search_runs(['1'], \"tags.t = '%s' and metrics.x > %d\" % (title, 1))",
    "plus": "mlflow.search_runs(['1'], \"tags.t = '\" + title + \"'\")",
    "format": "mlflow.search_runs(['1'], \"tags.t = '{}'\".format(title))",
    "format by name": "mlflow.search_runs(['1'], \"tags.t = '{t}'\".format(t=title))",
    "a name": "query = f\"tags.t = '{title}'\"\nmlflow.search_runs(['1'], query)",
    "added to a name": "query = ''\nquery += f\"tags.t = '{title}'\"\nmlflow.search_runs(['1'], query)",
    "a list that is joined": "parts = ['metrics.x > 1']\nparts.append(f\"tags.t = '{title}'\")\nmlflow.search_runs(['1'], ' AND '.join(parts))",
    "one of two": "mlflow.search_runs(['1'], f\"tags.t = '{title}'\" if title else '')",
    "a part of a text": "mlflow.search_runs(['1'], f\"tags.t LIKE '%{title}%'\")",
    "a client": "client.search_runs(['1'], f\"tags.t = '{title}'\")",
    "registered models": "client.search_registered_models(f\"name = '{title}'\")",
    "model versions": "mlflow.search_model_versions(filter_string=f\"name = '{title}'\")",
    "experiments": "client.search_experiments(filter_string=f\"name = '{title}'\")",
    "traces": "mlflow.search_traces(['1'], f\"tags.t = '{title}'\")",
}


@pytest.mark.parametrize("body", FOUND.values(), ids=FOUND)
def test_a_value_between_quotes_as_it_is_is_found(messages, body):
    assert [message.partition("; left alone: ")[0] for message in messages(body)] == [BROKEN]


def test_a_filter_that_no_call_can_make_says_why(messages):
    assert messages("client.search_registered_models(f\"name = '{title}'\")") == [
        f"{BROKEN}; left alone: it compares more than the values of tags by ="
    ]


def test_a_filter_that_a_call_can_make_says_nothing_of_what_is_left(messages):
    assert messages("client.search_runs(['1'], f\"tags.t = '{title}'\")") == [BROKEN]


REFUSED = [
    ("tags.t = 'a' OR tags.t = 'b'", "MLflow refuses OR in a filter: search once for each"),
    ("tags.t = 'a' or tags.t = 'b'", "MLflow refuses OR in a filter: search once for each"),
    ("(tags.t = 'a')", "MLflow refuses parentheses in a filter"),
    ("tags.t = 'it''s'", "a doubled quote is no escape: the filter matches nothing"),
]


@pytest.mark.parametrize("text, message", REFUSED)
def test_a_text_that_mlflow_refuses_or_mistakes_is_found(messages, text, message):
    assert messages(f'mlflow.search_runs(["1"], "{text}")') == [message]


def test_quotes_doubled_for_sql_are_found(messages):
    body = 'quoted = title\nmlflow.search_runs([\'1\'], f"""tags.t = \'{title.replace("\'", "\'\'")}\'""")'
    assert messages(body) == ["a doubled quote is no escape in a filter: it matches nothing"]


@pytest.mark.parametrize("name", ["title", "escaped"])
def test_quotes_doubled_under_a_name_are_found(messages, name):
    body = f"{name} = title.replace(\"'\", \"''\")\nmlflow.search_runs(['1'], f\"tags.t = '{{{name}}}'\")"
    assert messages(body) == ["a doubled quote is no escape in a filter: it matches nothing"]


def test_quotes_doubled_on_some_condition_only_are_no_certain_mistake(messages):
    body = 'if args:\n    title = title.replace("\'", "\'\'")' + QUERY
    assert messages(body) == [BROKEN]


QUERY = "\nmlflow.search_runs(['1'], f\"tags.t = '{title}'\")"
NOT_CLEANED = {
    "cleaned on some condition only": "if args:\n    title = title.replace(\"'\", '')" + QUERY,
    "given anew after it was cleaned": "title = title.replace(\"'\", '')\ntitle = args[0]" + QUERY,
    "given anew in a block after it was cleaned": "title = title.replace(\"'\", '')\nif args:\n    title = args[0]"
    + QUERY,
    "cleaned afterwards": QUERY[1:] + "\ntitle = title.replace(\"'\", '')",
    "other signs are taken away": "import re\ntitle = re.sub(r'[^ -~]', '', title)" + QUERY,
    "a pattern that is not known": "import re\ntitle = re.sub(args[0], '', title)" + QUERY,
    "a pattern that is none": "import re\ntitle = re.sub('[', '', title)" + QUERY,
    "another is asserted": "assert client.isalnum()" + QUERY,
    "it is asked for nothing": "title.isalnum()" + QUERY,
}


@pytest.mark.parametrize("body", NOT_CLEANED.values(), ids=NOT_CLEANED)
def test_a_value_that_is_not_surely_cleaned_is_found(messages, body):
    assert messages(body) == [BROKEN]


LOOPS = {
    "a list that grows": "names = ['a']\nnames.append(title)\nfor x in names:",
    "an empty list": "names = []\nfill(names)\nfor x in names:",
    "a mapping that is filled": "models = {'a': 1}\nmodels[title] = 2\nfor x in models:",
    "a list with a quote in it": 'for x in ["it\'s"]:',
    "the values of a mapping": "for k, x in {'a': args[0]['a']['b'], 'b': title}.items():",
    "a mapping with others in it": "for x in {'a': 1, **args}:",
    "what stands beside numbers": "for i, x in zip(range(2), ['a', args[0]['a']['b'] + title]):",
    "what has numbers": "for i, x in enumerate(args):",
}


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS)
def test_what_a_loop_takes_from_more_than_literals_is_found(messages, loop):
    query = "\n    mlflow.search_runs(['1'], f\"tags.t = '{x}'\")"
    (said,) = messages(loop + query)
    assert said.partition("; left alone: ")[0] == "a quote in x changes or breaks the filter"


RIGHT = {
    "one of some literals with its number": "for i, x in enumerate(['a', 'b']):\n    mlflow.search_runs(['1'], f\"tags.t = '{x}' and tags.n = '{i}'\")",
    "a key of a literal mapping": "models = {'a': fit(), 'b': title}\nfor name, model in models.items():\n    mlflow.search_runs(['1'], f\"tags.t = '{name}'\")",
    "one of some pairs": "for a, b in [('a', 1), ('b', 2)]:\n    mlflow.search_runs(['1'], f\"tags.t = '{a}' and tags.n = '{b}'\")",
    "one of two lists": "for a, b in zip(('a', 'c'), ['b', 'd']):\n    mlflow.search_runs(['1'], f\"tags.t = '{a}' and tags.n = '{b}'\")",
    "one of a list with a name": "names = ['a', 'b']\nfor x in sorted(names):\n    mlflow.search_runs(['1'], f\"tags.t = '{x}'\")",
    "the run above": "mlflow.search_runs(['1'], f\"tags.mlflow.parentRunId = '{title}'\")",
    "a commit": "commit = fit()\nmlflow.search_runs(['1'], f\"tags.t = '{commit}'\")",
    "cleaned under its own name": "title = title.replace(\"'\", '')" + QUERY,
    "cleaned before a block": "title = title.replace(\"'\", '')\nif args:\n    mlflow.search_runs(['1'], f\"tags.t = '{title}'\")",
    "all but letters are taken away": "import re\ntitle = re.sub(r'[^a-z]', '', title)" + QUERY,
    "all but letters, under another name": "import re\nmine = re.sub(r'\\W+', '_', title)\nmlflow.search_runs(['1'], f\"tags.t = '{mine}'\")",
    "asserted": "assert title.isalnum()" + QUERY,
    "left out unless it is plain": "if not title.isidentifier():\n    raise ValueError" + QUERY,
    "a constant": "mlflow.search_runs(['1'], \"tags.t = 'a' AND metrics.`x y` > 1\")",
    "a constant by name": "kind = 'a'\nmlflow.search_runs(['1'], f\"tags.t = '{kind}'\")",
    "a constant of the module": "mlflow.search_runs(['1'], f\"tags.t = '{STAGE}'\")",
    "or within a value": "mlflow.search_runs(['1'], \"tags.t = 'this OR that (or so)'\")",
    "a list": "mlflow.search_runs(['1'], \"attributes.run_id IN ('a', 'b')\")",
    "an empty value": "mlflow.search_runs(['1'], \"tags.t != '' AND tags.u = ''\")",
    "the other quote in a value": 'mlflow.search_runs([\'1\'], """tags.t = "it\'s" """)',
    "not quoted": "mlflow.search_runs(['1'], f'metrics.x > {title}')",
    "a key": "mlflow.search_runs(['1'], f\"tags.`{title}` = 'a'\")",
    "a run id": "run = mlflow.active_run()\nmlflow.search_runs(['1'], f\"tags.mlflow.parentRunId = '{run.info.run_id}'\")",
    "compared to a run id": "mlflow.search_runs(['1'], f\"params.parent_run_id = '{title}'\")",
    "a key that is made": "def g(run_key): mlflow.search_runs(['1'], f\"tags.k = '{run_key}'\")",
    "a number": "mlflow.search_runs(['1'], f\"params.n = '{len(title)}'\")",
    "a whole number": "mlflow.search_runs(['1'], \"params.n = '%d'\" % title)",
    "a formatted number": "mlflow.search_runs(['1'], f\"params.n = '{title:.3f}'\")",
    "an annotated number": "def g(x: int): mlflow.search_runs(['1'], f\"params.n = '{x}'\")",
    "of a literal list": "for x in ('a', 'b'):\n    mlflow.search_runs(['1'], f\"tags.t = '{x}'\")",
    "an enumeration": "mlflow.search_runs(['1'], f\"tags.t = '{Stage.TRAIN.value}'\")",
    "cleaned": "mlflow.search_runs(['1'], f\"tags.t = '{escape(title)}'\")",
    "cleaned before": "title = title.replace(\"'\", '')\nname = slugify(title)\nmlflow.search_runs(['1'], f\"tags.t = '{name}'\")",
    "checked before": "if \"'\" in title:\n    raise ValueError\nmlflow.search_runs(['1'], f\"tags.t = '{title}'\")",
    "the representation": "mlflow.search_runs(['1'], f'tags.t = {title!r}')",
    "the library": "from trackfix.tracking import tag_filter\nmlflow.search_runs(['1'], tag_filter({'t': title}))",
    "a helper": "mlflow.search_runs(['1'], make_filter(title))",
    "another argument": "mlflow.search_runs([f\"'{title}'\"])",
    "somebody else's search": "title.search_runs(['1'], f\"tags.t = '{title}'\")",
    "arguments by star": "mlflow.search_runs(*args, f\"tags.t = '{title}'\")",
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_what_has_no_quote_in_it_or_is_not_known_is_not_found(messages, body):
    assert messages(body) == []


def test_a_filter_is_read_where_an_f_string_is_newer_than_the_interpreter(messages):
    newer = 'newer = f"{\n1}"\n'
    assert messages(newer + FOUND["an f-string"]) == [BROKEN]
    assert messages(newer + RIGHT["a constant of the module"]) == []


def test_tests_know_their_values(messages):
    assert messages(FOUND["an f-string"], "tests/test_a.py") == []


@pytest.mark.parametrize(
    "text, fixed",
    [
        ("tags.t = '{title}'", True),
        ("tags.t = '{title}' AND metrics.x > 1", False),
        ("name = '{title}'", False),
        ("tags.t LIKE '{title}'", False),
    ],
)
def test_only_filters_on_tags_have_a_fix(check, text, fixed):
    (found,) = check("TRK507", {"a.py": f'{START}    mlflow.search_runs(["1"], f"{text}")\n'})
    assert (found.fix is not None) is fixed
    assert found.fix is None or (found.fix.codemod, found.fix.safety) == (
        "use-tag-filter",
        "unsafe",
    )


@pytest.mark.parametrize(
    "value, setting, count",
    [
        ("model_name", "", 1),
        ("model_name", 'quote-free-names = ["model_name"]', 0),
        ("self.model_name", 'quote-free-names = ["model_*"]', 0),
        ("model_name", 'quote-free-names = ["model"]', 1),
        ("title", 'quote-free-names = ["model_name"]', 1),
    ],
)
def test_the_setting_names_values_without_quotes(check, value, setting, count):
    source = f"import mlflow\ndef f(self, model_name, title):\n    mlflow.search_model_versions(filter_string=f\"name = '{{{value}}}'\")\n"
    tree = {"pyproject.toml": f"[tool.trackfix]\n{setting}\n", "a.py": source}
    assert len(check("TRK507", tree)) == count
