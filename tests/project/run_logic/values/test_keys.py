"""Tag keys that are constants of other modules."""

import pytest

CLIENT = "from mlflow.tracking import MlflowClient\nclient = MlflowClient()\n"


@pytest.fixture
def keys(duplicates_of):
    """The keys in ``pkg/use.py``, the last line of which reads a tag."""

    def read(files, source, package="pkg"):
        files = {f"{package}/__init__.py": "", **files, f"{package}/use.py": CLIENT + source}
        logic = duplicates_of(files).by_file(f"{package}/use.py")
        return [term.key for fragment in logic.fragments for term in fragment.terms]

    return read


CONSTANTS = {
    "pkg/keys.py": "STUDY = 'code.study'\nclass Tags:\n    STUDY = 'class.study'\n"
    "T = {'a': 'dict.a'}\nnames = SimpleNamespace(a='object.a')\nNS = 'team'\n"
}


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("from pkg.keys import STUDY\nx = client.get_run(r).data.tags[STUDY]", "code.study"),
        ("from .keys import STUDY\nx = client.get_run(r).data.tags[STUDY]", "code.study"),
        ("from .keys import STUDY as S\nx = client.get_run(r).data.tags[S]", "code.study"),
        ("from pkg import keys\nx = client.get_run(r).data.tags[keys.STUDY]", "code.study"),
        ("from . import keys\nx = client.get_run(r).data.tags[keys.STUDY]", "code.study"),
        ("from pkg.keys import T\nx = client.get_run(r).data.tags[T['a']]", "dict.a"),
        ("from pkg import keys\nx = client.get_run(r).data.tags[keys.T['a']]", "dict.a"),
        ("from pkg.keys import names\nx = client.get_run(r).data.tags[names.a]", "object.a"),
        ("from pkg.keys import NS\nx = client.get_run(r).data.tags[f'{NS}.a']", "team.a"),
        ("from pkg import keys\nx = client.get_run(r).data.tags[keys.NS + '.a']", "team.a"),
        ("from pkg.keys import Tags\nx = client.get_run(r).data.tags[Tags.STUDY]", "class.study"),
    ],
)
def test_constants_are_looked_up_where_they_are_made(keys, source, key):
    assert keys(CONSTANTS, source) == [key]


def test_constants_are_found_behind_a_reexport(keys):
    files = {**CONSTANTS, "pkg/tags.py": "from pkg.keys import STUDY\n"}
    source = "from pkg.tags import STUDY\nx = client.get_run(r).data.tags[STUDY]"
    assert keys(files, source) == ["code.study"]


@pytest.mark.parametrize(
    "source",
    [
        "from other.keys import STUDY\nx = client.get_run(r).data.tags[STUDY]",
        "from pkg.keys import MISSING\nx = client.get_run(r).data.tags[MISSING]",
    ],
)
def test_constants_that_are_not_known_keep_their_names(keys, source):
    (key,) = keys(CONSTANTS, source)
    assert key.startswith("<") and key.endswith(">")


NAMES = {
    "pkg/names.py": "@dataclass(frozen=True)\nclass Names:\n    study: str = 'named.study'\n",
    "pkg/keys.py": "from pkg.names import Names\nKEYS = Names()\nOTHER = Names(study=made())\n",
}


@pytest.mark.parametrize(
    "source",
    [
        "from pkg.keys import KEYS\nx = client.get_run(r).data.tags[KEYS.study]",
        "from pkg import keys\nx = client.get_run(r).data.tags[keys.KEYS.study]",
        "from pkg.names import Names\nK = Names()\nx = client.get_run(r).data.tags[K.study]",
        "from pkg import names\nK = names.Names()\nx = client.get_run(r).data.tags[K.study]",
    ],
)
def test_the_parts_of_an_object_are_looked_up_in_its_class(keys, source):
    assert keys(NAMES, source) == ["named.study"]


@pytest.mark.parametrize(
    "source",
    [
        "from pkg.keys import KEYS\nx = client.get_run(r).data.tags[KEYS.other]",
        "from pkg.keys import OTHER\nx = client.get_run(r).data.tags[OTHER.study]",
    ],
)
def test_parts_that_a_class_does_not_tell_keep_their_names(keys, source):
    assert "named.study" not in keys(NAMES, source)


def test_objects_that_are_made_of_each_other_come_to_an_end(keys):
    files = {
        "pkg/a.py": "from pkg.b import B\nA = B()\n",
        "pkg/b.py": "from pkg.a import A\nB = A()\n",
    }
    (key,) = keys(files, "from pkg.a import A\nx = client.get_run(r).data.tags[A.k]")
    assert key.startswith("<")


def test_a_module_that_is_no_python_tells_nothing(keys):
    source = "from pkg.keys import STUDY\nx = client.get_run(r).data.tags[STUDY]"
    (key,) = keys({"pkg/keys.py": "STUDY = (\n"}, source)
    assert key.startswith("<")


@pytest.mark.parametrize(
    "written, told",
    [
        ("from pkg.keys import STUDY\nx = client.get_run(r).data.tags[STUDY]", "code.study"),
        ("from pkg.keys import NS\nx = client.get_run(r).data.tags[f'{NS}.a']", "team.a"),
        ("from other import NS\nx = client.get_run(r).data.tags[NS]", "NS"),
    ],
)
def test_a_step_tells_the_key_that_a_constant_stands_for(duplicates_of, written, told):
    files = {"pkg/__init__.py": "", **CONSTANTS, "pkg/use.py": CLIENT + written}
    ((piece,),) = [[*logic.fragments] for logic in duplicates_of(files).logic]
    assert [step.text for step in piece.steps] == [f"reads the tag {told}"]


def test_a_search_tells_the_key_that_a_constant_stands_for(duplicates_of):
    source = (
        "from pkg.keys import STUDY, NS\nf = f\"tags.`{STUDY}` = '{v}' and tags.`{NS}` = 'NS'\"\n"
        "x = client.search_runs([e], f, max_results=1)[0]"
    )
    files = {"pkg/__init__.py": "", **CONSTANTS, "pkg/use.py": CLIENT + source}
    ((piece,),) = [[*logic.fragments] for logic in duplicates_of(files).logic]
    assert piece.steps[0].text == "search_runs(tag code.study, tag team = 'NS', one)"
