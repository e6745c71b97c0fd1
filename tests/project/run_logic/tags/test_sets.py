"""Sets of tags that functions build."""

import pytest

from trackfix.project.run_logic.tags.sets import UNSAID

HEAD = "import mlflow\nclient = mlflow.MlflowClient()\n"


@pytest.mark.parametrize(
    "source",
    [
        "mlflow.set_tags({'a': 1, 'b': 2, 'c': 3})",
        "tags = {'a': 1}\ntags['b'] = 2\ntags.update({'c': 3})",
        "tags = {'a': 1, 'b': 2}\nif x:\n    tags.update(c=3)",
        "def f():\n    tags = dict(a=1, b=2)\n    tags.setdefault('c', 3)\n"
        "    client.set_tags(r, tags)",
        "def build_tags():\n    return {'a': 1, 'b': 2, 'c': 3}",
        "mlflow.set_tag('a', 1)\nmlflow.set_tag('b', 2)\nmlflow.set_tag('c', 3)",
        "client.set_tag(r, 'a', 1)\nclient.set_tag(r, 'b', 2)\nclient.set_tag(r, 'c', 3)",
        "info = {'tags': {'a': 1, 'b': 2, 'c': 3}}",
        "client.log_batch(r, tags=[RunTag('a', 1), RunTag(key='b', value=2), RunTag('c', 3)])",
        "tags = [RunTag('a', 1), RunTag('b', 2)]\ntags.append(RunTag('c', 3))\n"
        "client.log_batch(r, tags=tags)",
        "client.create_run(e, tags=[{'key': k, 'value': 1} for k in 'abc'] or "
        "[{'key': 'a', 'value': 1}, {'key': 'b', 'value': 2}, {'value': 3, 'key': 'c'}])",
        "for k, v in {'a': 1, 'b': 2, 'c': 3}.items():\n    client.set_tag(r, k, v)",
        "for k, v in {'a': 1, 'b': 2, 'c': 3}.items():\n    self.log.experiment.set_tag(r, k, v)",
        "facts = {'a': 1, 'b': 2, 'c': 3}\n"
        "for k, v in facts.items():\n    client.set_tag(r, k, str(v))",
        "t = {'a': 1, 'b': 2, 'c': 3}\n"
        "client.log_batch(r, tags=[RunTag(k, v) for k, v in t.items()])",
        "for k in 'abc':\n    pass\nclient.set_model_version_tag(n, v, 'a', 1)\n"
        "client.set_model_version_tag(n, v, key='b', value=2)\n"
        "client.set_model_version_tag(n, v, 'c', value=3)",
        "client.set_experiment_tag(e, 'a', 1)\nclient.set_experiment_tag(e, 'b', 2)\n"
        "client.set_experiment_tag(e, 'c', 3)",
    ],
)
def test_three_tags_are_a_set(fragments_of, source):
    (found,) = fragments_of(HEAD + source, "build-tags")
    assert [term.key for term in found.terms] == ["a", "b", "c"]


def test_keys_that_a_registry_gives_are_known_by_their_names(fragments_of):
    source = (
        "a = get_tag_key('x', 'a')\nb = get_tag_key('x', 'b')\n"
        "mlflow.set_tag(a, 1)\nmlflow.set_tag(b, 2)\nmlflow.set_tag(get_tag_key('x', 'c'), 3)"
    )
    (found,) = fragments_of(HEAD + source, "build-tags")
    keys = [term.key for term in found.terms]
    assert keys == ["<get_tag_key:x.a>", "<get_tag_key:x.b>", "<get_tag_key:x.c>"]


@pytest.mark.parametrize(
    "source",
    [
        "mlflow.set_tags({'a': 1, 'b': 2})",
        "client.log_batch(r, tags=[RunTag('a', 1), RunTag('b', 2)])",
        "client.log_batch(r, tags=[Param('a', 1), Param('b', 2), Param('c', 3)])",
        "client.set_experiment_tag(e, 'a', 1)\nclient.set_experiment_tag(e, 'b', 2)\n"
        "client.set_model_version_tag(n, v, 'c', 3)",
        "mlflow.set_tag('a', 1)\nmlflow.set_tag('b', 2)",
        "numbers = {'a': 1, 'b': 2, 'c': 3}",
        "client.log_batch(r, tags=[{'key': 'a'}, {'key': 'b'}, {'key': 'c'}])",
        "for k, v in {'a': 1, 'b': 2, 'c': 3}.items():\n    client.log_param(r, k, v)",
        "for k in {'a': 1, 'b': 2, 'c': 3}.values():\n    mlflow.set_tag(k, 1)",
        "for key in keys:\n    mlflow.set_tag(key, 1)",
        "mlflow.set_tag(a, 1)\nmlflow.set_tag(b, 2)\nmlflow.set_tag(c, 3)",
        "mlflow.log_params({'a': 1, 'b': 2, 'c': 3})",
    ],
)
def test_fewer_or_other_things_are_no_set(fragments_of, source):
    assert fragments_of(HEAD + source, "build-tags") == []


@pytest.mark.parametrize(
    "source",
    [
        "tags = {'a': 1, 'b': 2}\ntags.update({'c': 3, **tags})",
        "tags = {'a': 1}\nmore = {'b': 2, 'c': 3}\ntags.update(more)\nmore.update(tags)",
        "tags = {'a': 1, 'b': 2, 'c': 3}\ntags.update({k: v for k, v in tags.items()})",
    ],
)
def test_sets_that_are_made_of_themselves_come_to_an_end(fragments_of, source):
    keys = {term.key for found in fragments_of(HEAD + source, "build-tags") for term in found.terms}
    assert keys == {"a", "b", "c"}


@pytest.mark.parametrize(
    "more",
    [
        "tags.update(tags)",
        "tags.update(dict(tags, d=4))",
        "tags = {**tags}",
        "tags.update({}.copy())",
        "tags = {k: v for k, v in tags.items()}",
        "tags |= {k + 'x': 1 for k in tags}",
        "for k in tags:\n    tags[f'x.{k}'] = 1\nfor k, v in tags.items():\n    tags.update({k: v})",
    ],
)
def test_tags_that_are_made_of_themselves_come_to_an_end(fragments_of, more):
    (found,) = fragments_of(f"{HEAD}tags = {{'a': 1, 'b': 2, 'c': 3}}\n{more}\n", "build-tags")
    assert {"a", "b", "c"} <= {term.key for term in found.terms}


def test_tags_that_are_made_over_stand_where_they_were_built(fragments_of):
    source = (
        "def f(c):\n    tags = {\n        'a': 1,\n        'b': 2,\n        'c': 3,\n    }\n"
        "    c.create_run(tags={k: str(v) for k, v in tags.items()})"
    )
    (found,) = fragments_of(f"import mlflow\n{source}", "build-tags")
    assert (found.first, found.last) == (4, 6)


def test_tags_that_a_loop_sets_stand_where_the_loop_begins(fragments_of):
    loop = "for k, v in (\n    ('a', 1),\n    ('b', 2),\n    ('c', 3),\n):\n    client.set_tag(r, k, v)\n"
    (found,) = fragments_of(HEAD + loop, "build-tags")
    start = HEAD.count("\n") + 1
    assert (found.first, found.last) == (start, start + 5)


PASSED_ON = (
    "def build_tags():\n    return {'a': 1, 'b': 2, 'c': 3}\n"
    "def tags():\n    found = build_tags()\n    MORE\n    return found"
)


def test_a_set_that_another_function_builds_is_that_functions(fragments_of):
    passed = fragments_of(HEAD + PASSED_ON.replace("MORE", "pass"), "build-tags")
    assert [found.function for found in passed] == ["build_tags"]


def test_a_set_that_is_built_on_is_one_of_its_own(fragments_of):
    more = "found.update({'d': 1, 'e': 2})"
    built = fragments_of(HEAD + PASSED_ON.replace("MORE", more), "build-tags")
    assert [found.function for found in built] == ["build_tags", "tags"]


@pytest.mark.parametrize(
    "source",
    [
        "for k, v in (('a', 1), ('b', 2), ('c', 3)):\n    mlflow.set_tag(k, v)",
        "for k, v in zip(['a', 'b', 'c'], values):\n    client.set_tag(r, k, v)",
        "for k in ('a', 'b', 'c'):\n    mlflow.set_tag(k, context[k])",
        "KEYS = ['a', 'b', 'c']\nfor i, k in enumerate(KEYS):\n    client.set_tag(r, k, i)",
        "def build_tags():\n    tags = {}\n    for k in sorted({'a', 'b', 'c'}):\n"
        "        tags[k] = 1\n    return tags",
        "def build_tags():\n    return {k: v for k, v in zip(('a', 'b', 'c'), values)}",
        "info = {'a': 1}\ninfo.update(b=2)\ninfo['c'] = 3\nfor k in info:\n"
        "    mlflow.set_tag(k, info[k])",
        "class K(Enum):\n    A = 'a'\n    B = 'b'\n    C = 'c'\ndef f():\n"
        "    return client.create_run(e, tags={k.value: v for k, v in ((K.A, 1), (K.B, 2), (K.C, 3))})",
        "class K(Enum):\n    A = 'a'\n    B = 'b'\n    C = 'c'\ndef f():\n"
        "    tags = {K.A: 1, K.B: 2, K.C: 3}\n    tags = {k.value: v for k, v in tags.items()}\n"
        "    mlflow.set_tags(tags)",
        "def build_tags():\n    return dict(zip(('a', 'b', 'c'), values))",
        "def build_tags():\n    return dict([('a', 1), ('b', 2)], c=3)",
        "def build_tags():\n    return dict(a=1, b=2) | {'c': 3}",
        "def f():\n    tags = dict.fromkeys(('a', 'b'), 1)\n    tags |= {'c': 3}\n    return tags",
        "def f(extra):\n    tags = dict(extra)\n    tags['a'] = 1\n    tags['b'] = 2\n"
        "    tags['c'] = 3\n    return tags",
        "class A:\n    def f(self):\n        self.meta['a'] = 1\n        self.meta.update(b=2, c=3)\n"
        "        mlflow.set_tags(self.meta)",
        "out = [RunTag('a', 1)]\nout.extend([RunTag('b', 2), RunTag('c', 3)])\n"
        "client.log_batch(r, tags=out)",
        "class A:\n    def __init__(self):\n        self.meta = {'a': 1, 'b': 2, 'c': 3}\n"
        "    def f(self):\n        mlflow.set_tags(self.meta)",
        "def cleaned(tags):\n    return {K.sub('_', k): v for k, v in tags.items()}\n"
        "def run_tags():\n    return cleaned({'a': 1, 'b': 2, 'c': 3})",
        "def lineage():\n    d = {}\n    d['a'], d['b'] = 1, 2\n    d['c'] = 3\n    return d\n"
        "def g():\n    mlflow.start_run(tags=lineage())",
    ],
)
def test_tags_that_are_put_together_in_any_way_are_a_set(fragments_of, source):
    (found,) = fragments_of(HEAD + source, "build-tags")
    assert [term.key for term in found.terms] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "source",
    [
        "def run_tags():\n    return {f'team.{k}': v for k, v in zip(('a', 'b', 'c'), values)}",
        "def parts():\n    return {'a': 1, 'b': 2, 'c': 3}\ndef run_tags():\n    given = parts()\n"
        "    return {f'team.{k}': v for k, v in given.items()}",
        "for k, v in dict(a=1, b=2, c=3).items():\n    mlflow.set_tag('team.' + k, v)",
        "for k, v in {'a': 1, 'b': 2, 'c': 3}.items():\n    mlflow.set_tag('team.%s' % k, v)",
        "PREFIX = 'team.'\nfor k in ['a', 'b', 'c']:\n    mlflow.set_tag(f'{PREFIX}{k}', 1)",
    ],
)
def test_keys_with_a_prefix_are_whole(fragments_of, source):
    (found,) = fragments_of(HEAD + source, "build-tags")
    assert [term.key for term in found.terms] == ["team.a", "team.b", "team.c"]


@pytest.mark.parametrize(
    "source",
    [
        "for k, v in given.items():\n    mlflow.set_tag(k, v)",
        "for k, v in zip(names, values):\n    mlflow.set_tag(f'p.{k}', v)",
        "for k in ('a', 'b'):\n    mlflow.set_tag(k, 1)",
        "def f(given):\n    return client.create_run(e, tags={k.value: v for k, v in given})",
        "def table():\n    d = dict(a=1, b=2, c=3)\n    return d",
        "def f(names):\n    return {k: 1 for k in names}",
        "def _write_tag(k, v):\n    item = {'a': 1, 'b': k, 'c': v}\n    return item",
    ],
)
def test_keys_that_are_not_told_and_other_tables_are_no_set(fragments_of, source):
    assert fragments_of(HEAD + source, "build-tags") == []


TAGS = "def all_tags():\n    return {'a': 1, 'b': 2, 'c': 3}\n"


@pytest.mark.parametrize(
    "source",
    [
        "def run_tags():\n    found = all_tags()\n    return {k: v for k, v in found.items() if v}",
        "def run_tags():\n    return dict(all_tags())",
        "def run_tags():\n    tags = all_tags().copy()\n    return tags",
        "def run_tags():\n    return {**all_tags()}",
        "def run_tags():\n    return {} | all_tags()",
        "def child():\n    tags = all_tags()\n    tags['mlflow.parentRunId'] = p\n    client.create_run(e, tags=tags)",
        "def child():\n    tags = {**all_tags(), 'mlflow.parentRunId': p, 'mlflow.runName': n}\n    client.set_tags(tags)",
        "def mark(r):\n    for k, v in all_tags().items():\n        client.set_tag(r, k, v)",
    ],
)
def test_tags_that_another_function_builds_are_not_built_again(fragments_of, source):
    assert [f.function for f in fragments_of(HEAD + TAGS + source, "build-tags")] == ["all_tags"]


def test_tags_beside_those_of_another_function_are_a_set_with_them(fragments_of):
    source = "def run_tags():\n    return {**all_tags(), 'd': 4, 'e': 5, 'f': 6}"
    _, found = fragments_of(HEAD + TAGS + source, "build-tags")
    assert [term.key for term in found.terms] == ["a", "b", "c", "d", "e", "f"]


def test_tags_that_the_file_does_not_call_mlflows_are_read_where_a_function_says_so(logic_of):
    source = "def {}(c):\n    return {{'a': c.x, 'b': c.y, 'c': c.z}}"
    (found,) = logic_of(source.format("airflow_tags")).fragments
    assert (found.kind, found.marks) == ("build-tags", (UNSAID,))
    assert logic_of(source.format("f")).fragments == ()


RETURNED = (
    "import mlflow\ndef ancestry(run):\n    log(run.data.tags)\n"
    "    return {{'{0}': run.id, '{1}': run.name, '{2}': run.hash}}\n"
)
SET = (
    "import mlflow\ndef train(run):\n"
    "    mlflow.set_tags({{'{0}': run.id, '{1}': run.name, '{2}': run.hash}})\n"
)


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        (RETURNED, SET, True),
        (RETURNED, RETURNED, False),
        (RETURNED.replace("return ", "found = "), SET, False),
    ],
)
def test_what_a_function_returns_is_tags_if_others_set_the_same(
    duplicates_of, one, other, is_alike
):
    keys = ("lineage.parent", "lineage.name", "lineage.hash")
    files = {"a.py": one.format(*keys), "b.py": other.format(*keys)}
    assert bool(duplicates_of(files).groups) == is_alike


@pytest.mark.parametrize(
    "keys", [("parent", "name", "hash"), ("lineage.parent", "lineage.name", "hash")]
)
def test_other_keys_may_be_of_anything(duplicates_of, keys):
    files = {"a.py": RETURNED.format(*keys), "b.py": SET.format(*keys)}
    assert duplicates_of(files).groups == ()


NAMED = (
    "import mlflow\nfrom pkg import {1}\nclass Factory:\n    def create(self, run):\n"
    "        return {{{0}PARENT: run.id, {0}NAME: run.name, {0}HASH: run.hash}}\n"
)


@pytest.mark.parametrize("module", ["tag_names", "tags"])
def test_constants_of_a_module_of_tags_are_tags_without_another_word_of_them(duplicates_of, module):
    constants = "PARENT = 'parent'\nNAME = 'name'\nHASH = 'hash'\n"
    files = {f"pkg/{module}.py": constants, "pkg/a.py": NAMED.format(f"{module}.", module)}
    files["pkg/b.py"] = SET.format("parent", "name", "hash")
    assert len(duplicates_of(files).groups) == 1


def test_constants_of_any_other_module_are_none(duplicates_of):
    constants = "PARENT = 'parent'\nNAME = 'name'\nHASH = 'hash'\n"
    files = {"pkg/columns.py": constants, "pkg/a.py": NAMED.format("columns.", "columns")}
    files["pkg/b.py"] = SET.format("parent", "name", "hash")
    assert duplicates_of(files).groups == ()
