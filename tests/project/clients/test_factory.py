"""What is known of the factory, and what its signature can take."""

import ast

import pytest


def parse_call(source):
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    return call


PASSING = [
    ("def make(): return MlflowClient()", True),
    ("def make(tracking_uri=None): return MlflowClient(tracking_uri)", True),
    ("def make(tracking_uri=None, registry_uri=None):\n    '''Doc.'''\n    from mlflow import MlflowClient\n    return MlflowClient(tracking_uri=tracking_uri, registry_uri=registry_uri)", True),
    ("def make(uri=None):\n    client = MlflowClient(uri)\n    return client", True),
    ("def make(*args, **kwargs): return MlflowClient(*args, **kwargs)", True),
    ("def make(uri): return MlflowClient(uri)", True),
    ("def make(tracking_uri='http://x'): return MlflowClient(tracking_uri)", False),
    ("def make(tracking_uri=None): return MlflowClient(tracking_uri or URI)", False),
    ("def make(tracking_uri=None): return MlflowClient()", False),
    ("import mlflow\ndef make(uri=None): return MlflowClient(uri or mlflow.get_tracking_uri())", True),
    ("from mlflow import get_tracking_uri\ndef make(uri=None): return MlflowClient(tracking_uri=uri or get_tracking_uri())", True),
    ("import mlflow\ndef make(): return MlflowClient(mlflow.get_tracking_uri())", True),
    ("import mlflow\ndef make(uri=None): return MlflowClient(registry_uri=uri or mlflow.get_tracking_uri())", False),
    ("import mlflow\ndef make(uri=None): return MlflowClient(uri or mlflow.get_registry_uri())", False),
    ("import mlflow\ndef make(uri=None): return MlflowClient(uri and mlflow.get_tracking_uri())", False),
    ("import mlflow\ndef make(uri=None): return MlflowClient(mlflow.get_tracking_uri() or uri)", False),
    ("import mlflow\ndef make(uri=None): return MlflowClient(mlflow.get_tracking_uri())", False),
    ("def get_tracking_uri(): return URI\ndef make(uri=None): return MlflowClient(uri or get_tracking_uri())", False),
    ("def make(): return MlflowClient('http://x')", False),
    ("def make(uri=None):\n    log(uri)\n    return MlflowClient(uri)", False),
    ("from functools import cache\n@cache\ndef make(): return MlflowClient()", False),
    ("_c = None\ndef make():\n    global _c\n    _c = MlflowClient()\n    return _c", False),
    ("def make(*args): return MlflowClient(args)", False),
    ("def make(uri=None): return MlflowClient(uri) if uri else MlflowClient()", False),
]  # fmt: skip


@pytest.mark.parametrize("source, passes_on", PASSING)
def test_a_factory_that_only_passes_its_arguments_on_equals_the_class(
    own_factory, source, passes_on
):
    found = own_factory(source)
    assert found.origin == "project"
    assert found.passes_on is passes_on


# The body of a factory that takes an address, whether calls of it may share a client, and whether
# it heeds the address of the first call only.
KEEPING = {
    "asks whether it has one": ("if _client is None: _client = MlflowClient(uri)\n    return _client", True, True),
    "goes at once where it has one": ("if _client: return _client\n    _client = MlflowClient(uri)\n    return _client", True, True),
    "asks within a lock": ("with lock:\n        if not _client: _client = MlflowClient(uri)\n    return _client", True, True),
    "asks for the address, too": ("if _client is None or uri != _uri: _client = MlflowClient(uri)\n    return _client", True, False),
    "asks for what comes of the address": ("to = uri or X\n    if _client is None or to != _uri: _client = MlflowClient(to)\n    return _client", True, False),
    "asks for what is made of the address": ("key = (uri, X)\n    if key != _key or not _client: _client = MlflowClient(uri)\n    return _client", True, False),
    "asks for what the address is made of": ("if _client is None or uri != _uri:\n        to = uri or X\n        _client = MlflowClient(to)\n    return _client", True, False),
    "asks for what decides on no address": ("to = uri or X\n    if _client is None or anew: _client = MlflowClient(to)\n    return _client", True, True),
    "makes another one for an address": ("if uri: return MlflowClient(uri)\n    if _client is None: _client = MlflowClient()\n    return _client", True, False),
    "keeps another one for an address": ("if uri: _client = MlflowClient(uri)\n    elif not _client: _client = MlflowClient()\n    return _client", True, False),
    "makes one each time": ("_client = MlflowClient(uri)\n    return _client", False, False),
    "asks for something else": ("if uri: log(uri)\n    _client = MlflowClient(uri)\n    return _client", False, False),
}  # fmt: skip


@pytest.mark.parametrize("body, keeps, heeds_first", KEEPING.values(), ids=KEEPING)
def test_a_factory_that_keeps_its_first_client_is_known(own_factory, body, keeps, heeds_first):
    found = own_factory(
        f"_client = None\ndef make(uri=None, anew=False):\n    global _client\n    {body}"
    )
    assert (found.keeps, found.signature.heeds_first) == (keeps, heeds_first)


DECORATED = [("cache", True, False), ("singleton", True, True), ("retry(3)", False, False)]


@pytest.mark.parametrize("decorator, keeps, heeds_first", DECORATED)
def test_a_decorator_shows_whether_clients_are_kept(own_factory, decorator, keeps, heeds_first):
    found = own_factory(f"@{decorator}\ndef make(uri=None): return MlflowClient(uri)")
    assert (found.keeps, found.signature.heeds_first) == (keeps, heeds_first)


def test_a_factory_through_one_that_keeps_its_client_keeps_it_as_well(own_factory):
    found = own_factory(
        "@singleton\ndef _make(uri=None): return MlflowClient(uri)\n"
        "def make(uri=None): return _make(uri)"
    )
    assert (found.name, found.keeps, found.signature.heeds_first) == ("make", True, True)


def test_a_factory_that_keeps_what_another_one_made_keeps_it(own_factory):
    found = own_factory(
        "_client = None\ndef _make(uri=None): return MlflowClient(uri)\ndef make(uri=None):\n"
        "    global _client\n    if _client is None: _client = _make(uri)\n    return _client"
    )
    assert (found.name, found.keeps, found.signature.heeds_first) == ("make", True, True)


def test_the_parameters_are_told_in_their_order(own_factory):
    found = own_factory(
        "def make(a=None, /, tracking_uri=None, *rest, registry_uri=None, **more):\n"
        "    return MlflowClient(tracking_uri)"
    )
    assert [(p.name, p.kind, p.has_default) for p in found.parameters] == [
        ("a", "positional-only", True),
        ("tracking_uri", "positional-or-keyword", True),
        ("rest", "var-positional", True),
        ("registry_uri", "keyword-only", True),
        ("more", "var-keyword", True),
    ]
    assert found.accepts_positional and found.accepts_keywords
    assert (found.line, found.end_line) == (3, 4)


FITS: dict[str, list[tuple]] = {
    "def make(tracking_uri=None, registry_uri=None): return MlflowClient(tracking_uri, registry_uri)": [
        ("", [], (), True),
        ("'a'", ["tracking_uri"], (), True),
        ("'a', registry_uri='b'", ["tracking_uri", "registry_uri"], (), True),
        ("*uris, **options", [], (), True),
    ],
    "def make(): return MlflowClient()": [
        ("", [], (), False),
        ("'a'", None, ("tracking_uri",), False),
        ("registry_uri='b', tracking_uri='a'", None, ("registry_uri", "tracking_uri"), False),
        ("*uris", None, (), False),
        ("**options", None, (), False),
        ("'a', 'b', 'c', 'd'", None, (), False),
        ("uri='a'", None, (), False),
        ("'a', 'b', 'c'", None, ("tracking_uri", "registry_uri", "workspace_store_uri"), False),
        ("workspace_store_uri='c'", None, ("workspace_store_uri",), False),
    ],
    "def make(uri=None): return MlflowClient(tracking_uri=uri)": [
        ("'a'", ["uri"], (), False),
        ("tracking_uri='a'", ["uri"], (), False),
        ("registry_uri='a'", None, ("registry_uri",), False),
    ],
    "def make(*, tracking_uri): return MlflowClient(tracking_uri=tracking_uri)": [
        ("'a'", ["tracking_uri"], (), False),
        ("", None, (), False),
    ],
    "def make(*args, **kwargs): return MlflowClient(*args, **kwargs)": [
        ("'a', registry_uri='b'", [], (), True),
        ("*uris, **options", [], (), True),
        ("later='z'", [], (), True),
    ],
    "def make(*args, tracking_uri=None, **kwargs): return MlflowClient(*args, tracking_uri=tracking_uri, **kwargs)": [
        ("'a'", ["tracking_uri"], (), False),
        ("later='z'", ["later"], (), False),
    ],
    "def make(*args, **kwargs): return MlflowClient(*args, registry_uri='b', **kwargs)": [
        ("registry_uri='c'", None, (), False),
    ],
    "def make(tracking_uri=None, *args, **kwargs): return MlflowClient(tracking_uri, *args, **kwargs)": [
        ("'a', 'b'", [], (), True),
    ],
    "def inner(uri=None): return MlflowClient(uri)\ndef make(**kwargs): return inner(**kwargs)\nmake()\nmake()": [
        ("'a'", ["uri"], (), False),
        ("registry_uri='a'", None, (), False),
    ],
    "def make(tracking_uri=None, store=None): return MlflowClient(tracking_uri, workspace_store_uri=store)": [
        ("'a', workspace_store_uri='c'", ["tracking_uri", "store"], (), False),
    ],
    "def make(uri=None, fresh=None): return MlflowClient(uri, of_tomorrow=fresh)": [
        ("'a', of_tomorrow='c'", ["uri", "fresh"], (), False),
    ],
    "def make(tracking_uri=None, registry_uri=None, retries=3): return MlflowClient(tracking_uri, registry_uri)": [
        ("'a'", ["tracking_uri"], (), False),
        ("*uris", None, (), False),
    ],
    "def make(**options): return MlflowClient(**options)": [
        ("later='z'", ["later"], (), False),
        ("'a', registry_uri='b'", ["tracking_uri", "registry_uri"], (), False),
    ],
    "def make(**options): return MlflowClient()": [("'a'", None, (), False)],
    "def make(uri=None): return MlflowClient(uri or default())": [("'a'", ["uri"], (), False)],
    "def make(uri=None): return MlflowClient(registry_uri=uri, tracking_uri=uri)": [
        ("", [], (), False),
        ("'a'", ["uri"], (), False),
        ("'a', 'b'", None, (), False),
        ("tracking_uri='a', registry_uri='a'", None, (), False),
        ("registry_uri='b'", None, (), False),
    ],
    "def make(uri=None, registry=None): return MlflowClient(uri, registry or uri)": [
        ("'a'", ["uri"], (), False),
        ("'a', 'b'", None, ("registry_uri",), False),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "source, arguments, parameters, refused, verbatim",
    [(source, *case) for source in FITS for case in FITS[source]],
)
def test_arguments_are_mapped_by_the_two_signatures(
    own_factory, source, arguments, parameters, refused, verbatim
):
    call = parse_call(f"f({arguments})")
    fit = own_factory(source).fit(call.args, call.keywords)
    assert fit.refused == refused
    assert fit.verbatim is verbatim
    if parameters is None:
        assert fit.obstacle
    else:
        assert not fit.obstacle
        assert [parameter.name for parameter, _ in fit.arguments] == parameters


CALLS = [
    ("make()", ()),
    ("make('a', registry_uri='b')", ()),
    ("make(uri='a')", ("uri",)),
    ("make('a', *rest)", ()),
    ("make(**options)", ()),
]


@pytest.mark.parametrize("call, unaccepted", CALLS)
def test_what_a_call_passes_too_much_is_told(own_factory, call, unaccepted):
    found = own_factory("def make(tracking_uri=None, *, registry_uri=None): return MlflowClient()")
    node = parse_call(call)
    assert found.signature.unaccepted(node.keywords) == unaccepted
