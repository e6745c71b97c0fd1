"""Sets of tags, and tags that are read."""

import pytest

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
        "mlflow.set_tag('a', 1)\nmlflow.set_tag('b', 2)",
        "numbers = {'a': 1, 'b': 2, 'c': 3}",
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
    "source",
    [
        "x = client.get_run(r).data.tags['a']",
        "x = client.get_run(r).data.tags.get('a', 'none')",
        "tags = run.data.tags or {}\nx = tags.get('a')",
        "tags = dict(run.data.tags)\nx = tags['a']",
    ],
)
def test_a_tag_that_is_read_is_told_by_its_key(fragments_of, source):
    (found,) = fragments_of(HEAD + source, "read-tag")
    assert [term.key for term in found.terms] == ["a"]
    assert found.marks == ()


def test_a_tag_that_is_returned_says_so(fragments_of):
    for source in (
        "def f(run):\n    return run.data.tags['a']",
        "def f(run):\n    x = run.data.tags.get('a')\n    return x",
    ):
        (found,) = fragments_of(HEAD + source, "read-tag")
        assert found.marks == ("returned",)


@pytest.mark.parametrize(
    "source",
    [
        "run.data.tags['a'] = 1",
        "x = 'a' in run.data.tags",
        "x = run.data.params['a']",
        "x = version.tags['a']",
        "for run in client.search_runs([e]):\n    if run.data.tags.get('a') == b:\n        break",
    ],
)
def test_what_is_written_asked_or_compared_is_not_read(fragments_of, source):
    assert fragments_of(HEAD + source, "read-tag") == []


@pytest.mark.parametrize(
    "more",
    [
        "tags.update(tags)",
        "tags.update(dict(tags, d=4))",
        "tags = {**tags}",
        "tags.update({}.copy())",
    ],
)
def test_tags_that_are_made_of_themselves_come_to_an_end(fragments_of, more):
    (found,) = fragments_of(f"{HEAD}tags = {{'a': 1, 'b': 2, 'c': 3}}\n{more}\n", "build-tags")
    assert {"a", "b", "c"} <= {term.key for term in found.terms}
