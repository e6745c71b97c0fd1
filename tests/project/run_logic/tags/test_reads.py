"""Tags that are read by hand."""

import pytest

HEAD = "import json\nimport mlflow\nclient = mlflow.MlflowClient()\n"


def marks_of(found):
    return [(tuple(term.key for term in piece.terms), piece.marks) for piece in found]


@pytest.mark.parametrize(
    "source",
    [
        "x = client.get_run(r).data.tags['a']",
        "x = client.get_run(r).data.tags.get('a', 'none')",
        "tags = run.data.tags or {}\nx = tags.get('a')",
        "x = (run.data.tags or {}).get('a')",
        "tags = dict(run.data.tags)\nx = tags['a']",
        "tags = {t.key: t.value for t in run.data.tags}\nx = tags['a']",
        "x = version.tags['a']",
        "x = getattr(version, 'tags', {}).get('a')",
        "tags = getattr(model, '_tags', None) or {}\nx = tags.get('a')",
        "x = model._tags['a']",
        "def f(tags):\n    x = tags.get('a')",
        "def f(self, run_tags):\n    x = run_tags['a']",
        "x = mlflow.search_runs([e]).iloc[0]['tags.a']",
        "x = row.get('tags.a')",
        "x = next((t.value for t in run.data.tags if t.key == 'a'), None)",
        "def f(tags):\n    by_key = {t.key: t.value for t in tags}\n    x = by_key['a']",
        "for tag in experiment.tags:\n    if tag.key == 'a':\n        x = tag.value",
        "x = next((v for k, v in run.data.tags.items() if k == 'a'), None)",
        "for key, value in run.data.tags.items():\n    if key == 'a':\n        x = value",
        "def f(run, b):\n    if run.data.tags.get('a') != b:\n        raise LookupError(b)",
    ],
)
def test_a_tag_that_is_read_is_told_by_its_key(fragments_of, source):
    assert marks_of(fragments_of(HEAD + source, "read-tag")) == [(("a",), ())]


@pytest.mark.parametrize(
    "source",
    [
        "run.data.tags['a'] = 1",
        "x = 'a' in run.data.tags",
        "x = run.data.params['a']",
        "x = row['params.a']",
        "x = [r for r in runs if r.data.tags.get('a') == b]",
        "x = filter(lambda run: run.data.tags.get('a') == b, runs)",
        "x = [p for p in run.data.params if p.key == 'a']",
        "x = [t for t in run.data.tags if t.key != 'a']",
        "class C:\n    def f(self):\n        return self.tags['a']",
        "def f(key, tags):\n    return tags[key]",
        "for k in run.data.tags:\n    x = run.data.tags[k]",
        "x = [v for k, v in run.data.tags.items() if v == 'a']",
        "x = [v for k, v in run.data.params.items() if k == 'a']",
        "for run in client.search_runs([e]):\n    if run.data.tags.get('a') == b:\n        break",
    ],
)
def test_what_is_written_asked_or_compared_is_not_read(fragments_of, source):
    assert fragments_of(HEAD + source, "read-tag") == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(run):\n    return run.data.tags['a']",
        "def f(run):\n    x = run.data.tags.get('a')\n    return x",
        "def f(run):\n    return run.data.tags.get('a') or ''",
        "def f(run):\n    return next((t.value for t in run.data.tags if t.key == 'a'), None)",
        "def f(run):\n    for tag in run.data.tags:\n        if tag.key == 'a':\n"
        "            return tag.value",
    ],
)
def test_a_tag_that_is_returned_says_so(fragments_of, source):
    assert marks_of(fragments_of(HEAD + source, "read-tag")) == [(("a",), ("returned",))]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("get_tag", "a"),
        ("parent_run_id", "mlflow.parentRunId"),
        ("payload_hash", "my.x"),
        ("get_run_name", "mlflow.runName"),
    ],
)
def test_a_function_that_is_named_for_the_one_tag_it_returns_is_a_helper(fragments_of, name, key):
    source = f"def {name}(run):\n    return run.data.tags.get({key!r})"
    assert marks_of(fragments_of(HEAD + source, "read-tag")) == [((key,), ("helper", "returned"))]


def test_a_helper_may_be_named_for_a_constant(fragments_of):
    source = "from pkg import keys\ndef kind_of(run):\n    return run.data.tags[keys.KIND_TAG]"
    assert marks_of(fragments_of(HEAD + source, "read-tag")) == [
        (("<pkg:keys.KIND_TAG>",), ("helper", "returned"))
    ]


@pytest.mark.parametrize(
    "source",
    [
        "def describe(run):\n    return run.data.tags.get('my.kind')",
        "def kind(run):\n    print(run.data.tags.get('my.kind'))",
        "def kind(run):\n    return {'k': run.data.tags.get('my.kind')}",
        "def kind(run):\n    return run.data.tags.get('my.kind') or run.data.tags.get('my.sort')",
        "def run_name(run):\n    return run.data.tags.get('mlflow.user')",
        "def get_run(run):\n    return run.data.tags.get('mlflow.runName')",
        "def parent_of(run):\n    return run.data.tags.get('mlflow.parentRunId')",
    ],
)
def test_what_is_named_or_made_for_something_else_is_no_helper(fragments_of, source):
    assert not any("helper" in f.marks for f in fragments_of(HEAD + source, "read-tag"))


@pytest.mark.parametrize(
    ("source", "by"),
    [
        ("x = json.loads(run.data.tags.get('a', '[]'))", "loads"),
        ("raw = run.data.tags.get('a')\nif raw:\n    x = json.loads(raw)", "loads"),
        ("x = [int(p) for p in run.data.tags['a'].split(',')]", "parts"),
        ("if raw := run.data.tags.get('a'):\n    x = int(raw)", "int"),
        ("raw = run.data.tags['a']\nx = int(raw.rstrip('d'))", "int"),
        ("x = int(str(run.data.tags.get('a')).replace('d', ''))", "int"),
        ("x = int(run.data.tags.get('a').removesuffix('d'))", "int"),
        ("x = Model.from_dict(run.data.tags['a'])", "from_dict"),
        ("x = str(run.data.tags['a']).strip().partition(':')", "parts"),
        ("raw = run.data.tags['a']\nname, _, n = raw.rpartition(':')", "parts"),
        ("x = dt.date.fromisoformat(run.data.tags['a'])", "date"),
        ("x = pd.Timestamp(run.data.tags['a']).tz_localize('UTC')", "date"),
        ("x = re.match(r'(\\d+) (\\w+)', run.data.tags.get('a', ''))", "match"),
        ("x = PATTERN.fullmatch(run.data.tags['a'])", "match"),
        (
            "for key, value in run.data.tags.items():\n    if key == 'a':\n        x = int(value)",
            "int",
        ),
        ("x = dt.datetime.strptime(run.data.tags['a'], '%Y-%m-%d').date()", "date"),
        ("if not is_known(run.data.tags.get('a')):\n    raise ValueError", "is_known"),
        ("raw = run.data.tags.get('a')\nx = versions.check_version(found=raw)", "check_version"),
    ],
)
def test_what_is_made_of_a_value_is_told(fragments_of, source, by):
    assert marks_of(fragments_of(HEAD + source, "read-tag")) == [(("a",), (f"parsed by {by}",))]


@pytest.mark.parametrize(
    "source",
    [
        "print(run.data.tags['a'])",
        "x = run.data.tags['a'].strip()",
        "x = f(run.data.tags['a'])",
        "x = isinstance(run.data.tags['a'], str)",
        "x = f(found=run.data.tags['a'])",
        "x = {'a': run.data.tags['a']}\ny = json.loads(x)",
        "raw = run.data.tags['a']\nx = json.loads(other)",
        "for k, v in run.data.tags.items():\n    if k == 'a':\n        x = v\n    y = int(v)",
        "for k, v in run.data.tags.items():\n    if k == 'a':\n        x = int(k)",
    ],
)
def test_what_is_shown_or_passed_on_is_not_parsed(fragments_of, source):
    assert marks_of(fragments_of(HEAD + source, "read-tag")) == [(("a",), ())]


def test_three_tags_that_are_read_together_are_a_reading_of_their_own(fragments_of):
    source = "x = {'p': t.tags['a'], 'q': t.tags['b'], 'r': t.tags.get('c')}"
    found = marks_of(fragments_of(HEAD + source, "read-tag"))
    assert (("a", "b", "c"), ("several",)) in found
    assert len(found) == 4


@pytest.mark.parametrize(
    "source",
    [
        "x = Row(a=t.tags['a'], b=str(t.tags.get('b') or ''))",
        "x = Row(a=t.tags['a'])\ny = Row(b=t.tags['b'] if t else None)",
        "x = {'a': t.tags['a'], 'b': t.tags['b']}",
    ],
)
def test_two_tags_that_fill_one_thing_are_a_reading_of_their_own(fragments_of, source):
    found = marks_of(fragments_of(HEAD + source, "read-tag"))
    assert (("a", "b"), ("several",)) in found


@pytest.mark.parametrize(
    "source",
    [
        "x = t.tags['a'], t.tags['b'], t.tags['a']",
        "x = Row(a=t.tags['a'])\ny = Line(b=t.tags['b'])",
        "x = rows[0](a=t.tags['a'], b=t.tags['b'])",
        "x = {**t.tags['a'], **t.tags['b']}",
        "x = {t.tags['a']: 1, t.tags['b']: 2}",
    ],
)
def test_two_tags_that_fill_nothing_together_are_two(fragments_of, source):
    found = marks_of(fragments_of(HEAD + source, "read-tag"))
    assert found == [(("a",), ()), (("b",), ())]


@pytest.mark.parametrize(
    ("source", "mark"),
    [
        ("x = run.data.tags.get('a', run.info.run_id)", "else info.run_id"),
        ("x = run.data.tags.get('a') or run.info.run_name", "else info.run_name"),
        ("x = run.data.tags.get('a') or run.info.run_name or ''", "else info.run_name"),
        ("x = run.data.tags.get('a', '').lower() == 'true'", "parsed as true or not"),
        ("x = str(run.data.tags['a']).lower() in ('1', 'true')", "parsed as true or not"),
    ],
)
def test_what_stands_for_a_missing_value_or_for_yes_is_told(fragments_of, source, mark):
    assert marks_of(fragments_of(HEAD + source, "read-tag")) == [(("a",), (mark,))]


@pytest.mark.parametrize(
    "source",
    [
        "x = run.data.tags.get('a', 'none')",
        "x = run.data.tags.get('a') or other",
        "x = other.name and run.data.tags['a']",
        "x = run.data.tags.get('a', '').lower() == 'done'",
        "x = run.data.tags['a'] == 'true'",
    ],
)
def test_a_text_or_a_name_that_stands_for_it_tells_nothing(fragments_of, source):
    assert marks_of(fragments_of(HEAD + source, "read-tag")) == [(("a",), ())]


@pytest.mark.parametrize("key", ["f'{x}.{y}'", "f'{x}'", "x + '/' + y"])
def test_a_key_of_which_no_word_is_known_is_none(fragments_of, key):
    assert fragments_of(HEAD + f"def f(x, y):\n    z = run.data.tags[{key}]", "read-tag") == []


HELPER = "import mlflow\ndef owner_of(run):\n    return run.data.tags.get('team.owner')\n"
BARE = "import mlflow\ndef {0}(run):\n    print({0!r}, run.data.tags['team.owner'])\n"
PARSED = "import json, mlflow\ndef {0}(run):\n    print(json.loads(run.data.tags['team.models']))\n"
ROW = (
    "import mlflow\ndef {0}(run):\n    t = run.data.tags\n"
    "    return dict(a=t['a'], b=t['b'], c=t['c'])\n"
)
LONGER = ROW.replace("c=t['c']", "c=t['c'], d=t['d']")
LIST = ROW.replace("dict(a=t['a'], b=t['b'], c=t['c'])", "[t['a'], t['b'], t['c']]")
FILLED = "import mlflow\ndef {0}(run):\n    t = run.data.tags\n    return Row(a=t['a'], b=t['b'])\n"
NAMED = "import mlflow\ndef {0}(run):\n    print(run.data.tags.get('title') or run.info.run_id)\n"
EITHER = (
    "import mlflow\ndef {0}(run):\n    t = run.data.tags\n    return t.get('a') or t.get('b')\n"
)
ELSE = (
    "def {0}(run):\n    if 'a' in run.data.tags:\n        x = run.data.tags['a']\n"
    "    else:\n        x = run.data.tags.get('b')\n    return x\n"
)
INDEX = "import mlflow\ndef owner_index(run):\n    return int(run.data.tags.get('team.owner'))\n"


@pytest.mark.parametrize(
    ("files", "copies"),
    [
        ({"a.py": HELPER, "b.py": BARE.format("b"), "c.py": BARE.format("c")}, ["b", "c"]),
        ({"a.py": PARSED.format("a"), "b.py": PARSED.format("b")}, ["b"]),
        ({"a.py": INDEX, "b.py": INDEX.replace("owner_index", "b")}, ["b"]),
        ({"a.py": ROW.format("a"), "b.py": ROW.format("b")}, ["b"]),
        ({"a.py": ROW.format("a"), "b.py": LONGER.format("b")}, ["b"]),
        ({"a.py": FILLED.format("a"), "b.py": FILLED.format("b")}, ["b"]),
        ({"a.py": NAMED.format("a"), "b.py": NAMED.format("b")}, ["b"]),
        ({"a.py": EITHER.format("a"), "b.py": ELSE.format("b")}, ["a"]),
        ({"a.py": HELPER, "b.py": BARE.format("b").replace("import mlflow\n", "")}, ["b"]),
    ],
)
def test_a_reading_that_is_there_already_is_a_copy(duplicates_of, files, copies):
    found = [copy for group in duplicates_of(files).groups for copy in group.copies]
    assert [copy.fragment.function for copy in found] == copies


@pytest.mark.parametrize(
    "files",
    [
        {"b.py": BARE.format("b"), "c.py": BARE.format("c")},
        {"a.py": HELPER},
        {"a.py": HELPER, "b.py": BARE.format("b").replace("team.owner", "team.name")},
        {"a.py": PARSED.format("a"), "b.py": PARSED.format("b").replace("json.loads", "int")},
        {"a.py": PARSED.format("a"), "b.py": PARSED.format("b").replace("models", "flows")},
        {"a.py": ROW.format("a"), "b.py": ROW.format("b").replace("['c']", "['d']")},
        {"a.py": LIST.format("a"), "b.py": LONGER.format("b")},
        {"a.py": FILLED.format("a"), "b.py": FILLED.format("b").replace("Row", "dict")},
        {"a.py": FILLED.format("a"), "b.py": FILLED.format("b").replace("['b']", "['c']")},
        {"a.py": NAMED.format("a"), "b.py": NAMED.format("b").replace("run_id", "run_name")},
        {"a.py": INDEX, "b.py": BARE.format("b")},
        {"a.py": EITHER.format("a"), "b.py": ELSE.format("b").replace("'b'", "'c'")},
        {"a.py": EITHER.format("a"), "b.py": BARE.format("b").replace("team.owner", "a")},
        {
            "a.py": HELPER,
            "b.py": BARE.format("b").replace("import mlflow\n", "").replace("run", "node"),
        },
        {
            "a.py": INDEX,
            "b.py": PARSED.format("b").replace("team.models", "team.owner"),
        },
    ],
)
def test_bare_reads_and_readings_of_other_tags_are_no_copies(duplicates_of, files):
    assert duplicates_of(files).groups == ()


def test_readings_of_other_tags_are_other_groups(duplicates_of):
    files = {
        "ab.py": "import json, mlflow\ndef ab(run):\n"
        "    print(json.loads(run.data.tags['models']), json.loads(run.data.tags['flows']))\n",
        "a.py": PARSED.format("a").replace("team.models", "models"),
        "b.py": PARSED.format("b").replace("team.models", "flows"),
    }
    groups = duplicates_of(files).groups
    told = [{c.fragment.function for c in g.copies} | {g.truth.name} for g in groups]
    assert sorted(map(sorted, told)) == [["a", "ab"], ["ab", "b"]]


def test_tags_that_are_read_together_again_are_not_reported_one_by_one(duplicates_of):
    parsed = ROW.replace("t['a']", "int(t['a'])")
    groups = duplicates_of({"a.py": parsed.format("a"), "b.py": parsed.format("b")}).groups
    assert [len(copy.fragment.terms) for group in groups for copy in group.copies] == [3]


@pytest.mark.parametrize(
    ("source", "whose"),
    [
        ("x = int(run.data.tags['a'])", "run"),
        ("x = int(client.get_run(r).data.tags.get('a'))", "run"),
        ("tags = run.data.tags\nx = int(tags['a'])", "run"),
        ("x = int(experiment.tags['a'])", "experiment"),
        ("x = int(exp.tags.get('a'))", "experiment"),
        ("x = int(model_version.tags['a'])", "version"),
        ("x = int(trace.info.tags['a'])", "trace"),
        ("x = int(thing.tags['a'])", ""),
        ("def f(tags):\n    x = int(tags['a'])", ""),
        ("x = int(run.data.tags['a']), int(exp.tags['a'])", ""),
    ],
)
def test_whose_tag_is_read_is_told_if_the_code_says_so(fragments_of, source, whose):
    (found,) = fragments_of(HEAD + source, "read-tag")
    assert found.taken == whose


@pytest.mark.parametrize(
    ("source", "whose"),
    [
        ("x = run.data.tags['a'], run.data.tags['b'], run.data.tags['c']", "run"),
        ("x = run.data.tags['a'], run.data.tags['b'], exp.tags['c']", ""),
    ],
)
def test_whose_tags_are_read_together_is_told(fragments_of, source, whose):
    *_, found = [f for f in fragments_of(HEAD + source, "read-tag") if f.marks == ("several",)]
    assert found.taken == whose


def test_the_place_is_that_of_the_reading_that_is_more_than_the_others(fragments_of):
    source = "x = run.data.tags['a']\ny = json.loads(run.data.tags['a'])\nz = run.data.tags['a']"
    (found,) = fragments_of(HEAD + source, "read-tag")
    assert (found.line, found.marks) == (5, ("parsed by loads",))


@pytest.mark.parametrize(
    "source",
    [
        "def f(t):\n    return bool(t.tags['a']) and t.tags['b'] in x and not t.tags['c']",
        "if t.tags['a'] and t.tags['b'] and t.tags['c'] == 'x':\n    y()",
        "assert t.tags['a'] or t.tags['b'] or t.tags['c']",
        "x = [t for t in y if t.tags['a'] and t.tags['b'] and t.tags['c']]",
    ],
)
def test_tags_that_are_only_asked_for_are_not_read_together(fragments_of, source):
    found = marks_of(fragments_of(HEAD + source, "read-tag"))
    assert "several" not in [mark for _, marks in found for mark in marks]


@pytest.mark.parametrize(
    "source",
    [
        "def f(t):\n    return t.tags['a'] or t.tags['b'] or t.tags['c']",
        "x = {'p': t.tags['a'] == 'x', 'q': t.tags['b'], 'r': not t.tags['c']}",
        "if t.tags['a']:\n    y()\nx = t.tags['a'], t.tags['b'], t.tags['c']",
    ],
)
def test_tags_of_which_something_is_made_are_read_together(fragments_of, source):
    found = marks_of(fragments_of(HEAD + source, "read-tag"))
    assert (("a", "b", "c"), ("several",)) in found


@pytest.mark.parametrize(
    "source",
    [
        "def f(run):\n    t = run.data.tags\n    return t.get('a') or t.get('b')",
        "def f(run):\n    t = run.data.tags\n    x = t['a'] if 'a' in t else t.get('b')",
        "def f(run):\n    x = run.data.tags.get('a')\n    if x is None:\n"
        "        x = run.data.tags.get('b')",
        "def f(run):\n    if 'a' in run.data.tags:\n        x = run.data.tags['a']\n"
        "    else:\n        x = run.data.tags.get('b')",
        "def f(run):\n    x = next((v for k, v in run.data.tags.items() if k == 'a'), None)\n"
        "    if x is None:\n        x = run.data.tags.get('b')",
    ],
)
def test_a_tag_that_stands_for_a_missing_one_is_read_together_with_it(fragments_of, source):
    several = [found for found in marks_of(fragments_of(HEAD + source, "read-tag")) if found[1]]
    assert (("a", "b"), ("one of", "several")) in several


@pytest.mark.parametrize(
    "source",
    [
        "def f(run):\n    x = run.data.tags.get('a')\n    print(x)\n    x = run.data.tags.get('b')",
        "def f(run):\n    x = run.data.tags.get('a')\n    y = run.data.tags.get('b')",
        "def f(run):\n    return run.data.tags.get('a') and run.data.tags.get('b')",
        "def f(run):\n    return run.data.tags.get('a') or run.data.tags['a']",
        "def f(run):\n    if run.data.tags.get('a') or run.data.tags.get('b'):\n        return 1",
    ],
)
def test_tags_of_which_none_stands_for_another_are_not_one_of_several(fragments_of, source):
    found = marks_of(fragments_of(HEAD + source, "read-tag"))
    assert not [marks for _, marks in found if "one of" in marks]
