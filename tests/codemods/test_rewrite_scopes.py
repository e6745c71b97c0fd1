"""Names that look like the shim's and are not, and the shim's own in scopes of every kind."""

import pytest

OTHERS = {
    "a local variable": "def probe():\n    old = {'f': 1}\n    return old.keys(), old['f']",
    "a parameter": "def use(old): return old.f\ndef probe(): return use(type('X', (), {'f': 2}))",
    "a keyword-only parameter with a default": "def probe(*, flat_old='x'): return flat_old.upper()",
    "an attribute": "class A:\n    old = 'x'\n    def m(self): return self.old.upper()\ndef probe(): return A().m()",
    "a keyword argument": "def probe(): return dict(old=1, flat_old=2)",
    "a dict key and a log message": "def probe(): return {'old': 'see lib.old or flat_old'}['old']",
    "a comment": "x = 1  # see lib.old.f and flat_old\n# from lib.old import f",
    "a class and a method": "class old:\n    def flat_old(self): return 1\ndef probe(): return old().flat_old()",
    "a lambda's parameter": "def probe(): return (lambda old: old.upper())('x')",
    "a comprehension's variable": "def probe(): return [old.upper() for old in 'ab'], {flat_old: 1 for flat_old in 'a'}",
    "a for, with and except": "def probe():\n    for old in ['a']: old.upper()\n    try: raise OSError\n    except OSError as flat_old: return str(flat_old), old",
    "a walrus": "def probe():\n    if (old := 'x').upper(): return old.lower()",
    "a match capture": "def probe():\n    match ['a', {'k': 1}]:\n        case [old, {**flat_old}]: return old.upper(), flat_old",
    "a type parameter-like name": "from typing import TypeVar\nold = TypeVar('old')\ndef probe(): return old.__name__",
    "a string that is just the word": "def probe(): return 'flat_old', ['old'], 'lib.olden'",
}


@pytest.mark.parametrize("source", OTHERS.values(), ids=OTHERS)
def test_what_only_has_the_shims_name_is_left_alone(rewrite, source):
    assert rewrite(source + "\n") == source + "\n"


@pytest.mark.parametrize("source", OTHERS.values(), ids=OTHERS)
def test_what_only_has_the_shims_name_stays_beside_real_references(rewrite, source):
    source += "\n"
    users = (
        "\ndef probe_own():\n    import lib.{0} as o, flat_{0}\n    return o.f(), flat_{0}.run()\n"
    )
    after = users.format("home").replace(
        "import lib.home as o, flat_home", "import lib.home as o\n    import flat_home"
    )
    result = rewrite(source + users.format("old"))
    assert result.startswith(source)
    assert sorted(result.split()) == sorted((source + after).split())


SHADOWED = {
    "a parameter hides the module": (
        "import flat_old\ndef use(flat_old): return flat_old.run\ndef probe(): return flat_old.run()",
        "import flat_home\ndef use(flat_old): return flat_old.run\ndef probe(): return flat_home.run()",
    ),
    "a local variable hides the module": (
        "import flat_old\ndef probe():\n    flat_old = 'x'\n    return flat_old.upper()\nx = flat_old.run",
        "import flat_home\ndef probe():\n    flat_old = 'x'\n    return flat_old.upper()\nx = flat_home.run",
    ),
    "a comprehension hides the module": (
        "import flat_old\ndef probe(): return [flat_old.upper() for flat_old in 'a'], flat_old.run()",
        "import flat_home\ndef probe(): return [flat_old.upper() for flat_old in 'a'], flat_home.run()",
    ),
    "the first iterable of a comprehension does not": (
        "import flat_old\ndef probe(): return [flat_old.upper() for flat_old in flat_old.run()]",
        "import flat_home\ndef probe(): return [flat_old.upper() for flat_old in flat_home.run()]",
    ),
    "a class body does not hide it from methods": (
        "import flat_old\nclass A:\n    flat_old = 1\n    def m(self): return flat_old.run()\ndef probe(): return A().m()",
        "import flat_home\nclass A:\n    flat_old = 1\n    def m(self): return flat_home.run()\ndef probe(): return A().m()",
    ),
    "a lambda's parameter hides it": (
        "import flat_old\ndef probe(): return (lambda flat_old: flat_old.upper())('x'), (lambda: flat_old.run())()",
        "import flat_home\ndef probe(): return (lambda flat_old: flat_old.upper())('x'), (lambda: flat_home.run())()",
    ),
    "a match capture in a function hides it": (
        "import flat_old\ndef probe():\n    match 'x':\n        case flat_old: return flat_old.upper()\nx = flat_old.run",
        "import flat_home\ndef probe():\n    match 'x':\n        case flat_old: return flat_old.upper()\nx = flat_home.run",
    ),
    "a walrus in a comprehension binds outside it": (
        "import flat_old\ndef probe():\n    [flat_old := c for c in 'a']\n    return flat_old.upper()\nx = flat_old.run",
        "import flat_home\ndef probe():\n    [flat_old := c for c in 'a']\n    return flat_old.upper()\nx = flat_home.run",
    ),
    "a closure sees it": (
        "def probe():\n    import flat_old\n    def inner():\n        return flat_old.run()\n    return inner()",
        "def probe():\n    import flat_home\n    def inner():\n        return flat_home.run()\n    return inner()",
    ),
    "a global import from a function": (
        "def load():\n    global flat_old\n    import flat_old\ndef probe():\n    load()\n    return flat_old.run()",
        None,
    ),
    "a nonlocal name": (
        "def probe():\n    import lib.old as o\n    def inner():\n        nonlocal o\n        o = 1\n    return o.f(), o.h()",
        None,
    ),
    "two functions import it each": (
        "def probe():\n    import flat_old\n    return flat_old.run()\ndef probe2():\n    import flat_old\n    return flat_old.stop()",
        "def probe():\n    import flat_home\n    return flat_home.run()\ndef probe2():\n    import flat_home\n    return flat_home.stop()",
    ),
    "a decorator and a default belong outside": (
        "import flat_old\n@flat_old.run\ndef use(flat_old=flat_old.stop): return flat_old\n",
        "import flat_home\n@flat_home.run\ndef use(flat_old=flat_home.stop): return flat_old\n",
    ),
}


@pytest.mark.parametrize("before, after", SHADOWED.values(), ids=SHADOWED)
def test_scopes_decide_which_name_is_meant(rewrite, before, after):
    assert rewrite(before + "\n") == (before if after is None else after) + "\n"


ANNOTATIONS = {
    "a string annotation": (
        "import lib.old as o\ndef use(x: 'o.Thing | None') -> 'list[o.Thing]': ...\no.f()",
        "import lib.home as o\ndef use(x: 'o.Thing | None') -> 'list[o.Thing]': ...\no.f()",
    ),
    "a string annotation by its full name": (
        "import lib.old\nx: 'lib.old.Thing' = lib.old.Thing()\ndef use(y: 'lib.old.Thing') -> \"dict[str, lib.old.Thing]\": ...",
        "import lib.home\nx: 'lib.home.Thing' = lib.home.Thing()\ndef use(y: 'lib.home.Thing') -> \"dict[str, lib.home.Thing]\": ...",
    ),
    "under __future__ annotations": (
        "from __future__ import annotations\nimport lib.old\ndef use(x: lib.old.Thing) -> list[lib.old.Thing]: ...",
        "from __future__ import annotations\nimport lib.home\ndef use(x: lib.home.Thing) -> list[lib.home.Thing]: ...",
    ),
    "typing.cast": (
        "import typing\nimport lib.old\ndef probe(): return typing.cast('lib.old.Thing', 1), typing.cast(\"list[lib.old.Thing]\", 2)",
        "import typing\nimport lib.home\ndef probe(): return typing.cast('lib.home.Thing', 1), typing.cast(\"list[lib.home.Thing]\", 2)",
    ),
    "only in a string annotation, under TYPE_CHECKING": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import lib.old\ndef use(x: 'lib.old.Thing'): ...",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import lib.home\ndef use(x: 'lib.home.Thing'): ...",
    ),
    "Literal is no reference": (
        "from typing import Literal\nimport lib.old\nx: Literal['lib.old.f'] = 'lib.old.f'\nlib.old.f()",
        "from typing import Literal\nimport lib.home\nx: Literal['lib.old.f'] = 'lib.old.f'\nlib.home.f()",
    ),
}


@pytest.mark.parametrize("before, after", ANNOTATIONS.values(), ids=ANNOTATIONS)
def test_annotations_move_with_the_import(rewrite, before, after):
    assert rewrite(before + "\n") == after + "\n"
