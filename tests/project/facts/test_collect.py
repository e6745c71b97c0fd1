"""What one file binds, imports and says of itself."""

import ast
import sys

import pytest

from trackfix.project.facts.collect import collect_facts


def facts(source, path="m.py"):
    return collect_facts(path, ast.parse(source), source)


def events(source, name="a"):
    return [(b.form, b.guard) for b in facts(source).bindings.get(name, ())]


@pytest.mark.parametrize("source, form", [
    ("def a(): pass", "function"), ("async def a(): pass", "function"), ("class a: pass", "class"),
    ("a = 1", "value"), ("a: int = 1", "value"), ("a += 1", "value"), ("a = b.c", "alias"),
    ("a = a", "value"), ("x = a = 1", "value"), ("a, b = f()", "value"), ("[a, *b] = f()", "value"),
    ("a, b = c, d", "alias"), ("import a", "import"), ("import a.b", "import"),
    ("import b as a", "import"), ("from b import a", "import-from"), ("del a", "delete"),
    ("f(a := 1)", "value"), ("x = (a := 1)", "value"), ("with f() as a: pass", "value"),
    ("with f() as (a, b): pass", "value"),
])  # fmt: skip
def test_a_statement_binds(source, form):
    assert events(source) == [(form, "")]


@pytest.mark.parametrize("source", [
    "a: int", "a.b = 1", "a[0] = 1", "def f(): a = 1", "class B: a = 1", "[a for a in b]",
    "lambda a: a", "x.a = 1", "for b in f(a): pass", "@overload\ndef a(): ...",
    "@typing.overload\ndef a(): ...", "with f(a): pass", "del a.b",
])  # fmt: skip
def test_a_statement_does_not_bind(source):
    assert events(source) == []


@pytest.mark.parametrize("source, guard", [
    ("if x:\n  a = 1", "if"), ("if x: pass\nelse:\n  a = 1", "if"), ("while x:\n  a = 1", "loop"),
    ("for a in x: pass", "loop"), ("match x:\n  case [a]: pass", "if"),
    ("match x:\n  case {**a}: pass", "if"), ("try:\n  a = 1\nexcept E: pass", "try"),
    ("try: pass\nexcept E:\n  a = 1", "except"), ("try: pass\nfinally:\n  a = 1", ""),
    ("try:\n  a = 1\nexcept E:\n  raise", ""), ("try: x\nexcept E: pass\nelse:\n  a = 1", "try"),
    ("if TYPE_CHECKING:\n  a = 1", "type-checking"), ("if typing.TYPE_CHECKING:\n  a=1",
     "type-checking"), ("if TYPE_CHECKING: pass\nelse:\n  a = 1", ""),
    ("if not TYPE_CHECKING:\n  a = 1", ""), ("with x:\n  a = 1", ""),
    ("with suppress(ImportError):\n  a = 1", "try"),
    ("if TYPE_CHECKING:\n  try:\n    a = 1\n  except E: pass", "type-checking"),
    ("if x:\n  try:\n    a = 1\n  except E: pass", "if"),
    ("try: pass\nexcept E:\n  if x:\n    a = 1", "except"),
])  # fmt: skip
def test_a_binding_is_guarded_by_what_stands_around_it(source, guard):
    assert [found for _, found in events(source)] == [guard]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="except* is new in Python 3.11")
def test_except_star_guards_like_except():
    assert events("try:\n  a = 1\nexcept* E:\n  a = 2") == [("value", "try"), ("value", "except")]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type statements are new in Python 3.12")
def test_a_type_statement_binds_a_value():
    assert events("type a = int") == [("value", "")]


def test_branches_of_one_statement_belong_together():
    groups = [b.group for b in facts("\nif x:\n  a = 1\nelse:\n  a = 2\n").bindings["a"]]
    assert groups == [2, 2]


def test_all_imports_are_listed_wherever_they_stand():
    source = (
        "import a.b\nfrom . import c\ndef f():\n  with x:\n    from d import e as g, h\n"
        "class K:\n  import i\n  def m(self):\n    try: pass\n    except E:\n      import j\n"
        "if TYPE_CHECKING:\n  import k\n"
    )
    assert [(i.module, i.names, i.line, i.eager) for i in facts(source).imports] == [
        ("a.b", (), 1, True), (".", ("c",), 2, True), ("d", ("e", "h"), 5, False),
        ("i", (), 7, True), ("j", (), 11, False), ("k", (), 13, False),
    ]  # fmt: skip


def test_a_global_statement_at_any_depth_is_seen():
    source = "def f():\n  if x:\n    def g():\n      global a, b\n"
    assert facts(source).rebound_globals == {"a", "b"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_the_parser_counts_them(end):
    source = f"x = 'a\x0cb\u2028c'{end}\x0c{end}from b import a  # noqa: F401{end}"
    binding = facts(source).bindings["a"][0]
    assert (binding.line, binding.deliberate) == (3, True)


@pytest.mark.parametrize("source, deliberate", [
    ("from b import a as a", True), ("from b import c as a", False), ("import a as a", True),
    ("from b import a", False), ("from b import (\n  a,  # noqa\n)", True),
])  # fmt: skip
def test_an_import_is_deliberate_when_it_says_so(source, deliberate):
    assert facts(source).bindings["a"][0].deliberate is deliberate


@pytest.mark.parametrize("source, names, complete", [
    ("__all__ = ['a']", ("a",), True), ("__all__ = f()", (), False),
    ("__all__ = ['a', b]", ("a",), False), ("__all__ = ['a']\n__all__ += f()", ("a",), False),
    ("__all__ = ['a']\n__all__.insert(0, 'b')", ("a",), False),
    ("__all__ = ['a']\ndef f(n): __all__.append(n)", ("a",), False),
    ("__all__ = ['a']\ndef f(): global __all__; __all__ = 1", ("a",), False),
    ("__all__ = ['a']\ndef f(): return __all__", ("a",), True),
    ("__all__ = ['a']\n__all__.sort()", ("a",), True),
    ("__all__ = ['a']\n__all__ = __all__ + ['b']", ("a", "b"), True),
    ("__all__ = (['a'] + list(('b',)))", ("a", "b"), True), ("__all__ = {'a'} | {'b'}", ("a", "b"),
     True),
])  # fmt: skip
def test_exports_are_the_literal_names(source, names, complete):
    exports = facts(source).exports
    assert (exports.names, exports.complete) == (names, complete)


def test_exports_name_the_modules_whose_all_they_add():
    source = "from .w import __all__ as more\n__all__ = x.__all__ + [*y.z.__all__, 'a', *more]"
    exports = facts(source).exports
    others = ("x.__all__", "y.z.__all__", ".w:__all__")
    assert (exports.others, exports.names, exports.complete) == (others, ("a",), True)


DEPRECATED = {
    "a docstring": '"""Kept for backward compatibility."""',
    "a docstring after __future__": 'from __future__ import annotations\n"""Deprecated."""',
    "a comment": "# legacy alias, see home\nfrom home import a",
    "a comment below": "import x\n# For backwards compatibility\n\nfrom home import a",
    "a comment above all": "# Kept for old code\n__all__ = []",
    "a warning": "import warnings\nwarnings.warn('x', DeprecationWarning, stacklevel=2)",
    "a warning by keyword": "warnings.warn('x', category=FutureWarning)",
    "a warning of a category of its own": "warnings.warn('x', TqdmDeprecationWarning)",
    "a warning of a release": "warnings.warn('x', errors.RemovedInDjango50Warning)",
    "a warning object": "warnings.warn(DeprecationWarning('x'))",
    "what a plain warning says": "warnings.warn('pkg.old is deprecated, use pkg.new')",
    "what a plain warning of __getattr__ says": (
        "def __getattr__(name):\n  warnings.warn('pkg.old is deprecated, use pkg.new')"
    ),
    "a helper": "_deprecation_warning('old', 'new')",
    "a warning of __getattr__": "def __getattr__(name):\n  warnings.warn('x', DeprecationWarning)",
    "a wrapper": "def a(*p):\n  warnings.warn('x', DeprecationWarning)\n  return b(*p)",
}


@pytest.mark.parametrize("source", DEPRECATED.values(), ids=DEPRECATED)
def test_a_module_is_called_deprecated_by(source):
    assert facts(source).deprecations


@pytest.mark.parametrize("words", [
    "Compat shim.", "Compatibility re-exports.", "Re-exported for compatibility.",
    "Thin re-export shim; import from home instead.", "Import shim: see home.", "Legacy re-exports.",
    "Renamed to home.", "Relocated to home.", "This module has moved; see home.",
    "For back-compat.", "Backcompat; use home.", "For back compatibility.", "Back-compatible imports.",
    "This file was renamed.", "lib.old was renamed to lib.new.", "Shim, will be removed in 2.0.", "This module will be removed.",
    "Old home of the helpers, see home.", "The former name of home.", "Legacy location, use home.",
])  # fmt: skip
def test_a_module_is_called_deprecated_in_the_words(words):
    assert facts(f'"""{words}"""\nfrom home import a\n').deprecations
    assert facts(f"# {words}\nfrom home import a\n").deprecations


@pytest.mark.parametrize("words", [
    "Rename, move and remove runs.", "Exports and compatible formats.", "The module moves files.",
    "The file is renamed into place.", "Sent when the package was moved.", "Columns, renamed to lower case.",
    "Each file will be deleted at exit.", "When a module has been moved.", "Moving a file: what is renamed to what.",
    "Feedback compatibility of models.", "Gives back compatible types.", "A format that is back-compatible.",
    "Runs that will be removed.", "Shims under the wheels.", "Modules, files and what was renamed.",
    "Maps the old name of each column.", "Old names of columns.", "Old path handling.", "Tables, at the old location.",
])  # fmt: skip
def test_a_module_is_not_called_deprecated_in_the_words(words):
    assert facts(f'"""{words}"""\nfrom home import a\n').deprecations == ()


OLD_NAME = "from home import a, b\n\n{}\nold = a\n{}"


@pytest.mark.parametrize("comment", [
    "# This module is deprecated.", "# The old import path",
])  # fmt: skip
def test_a_module_is_called_deprecated_by_a_comment_beside_another_name(comment):
    assert facts(OLD_NAME.format(comment, "__all__ = ['a', 'old']")).deprecations


def test_a_module_is_called_deprecated_by_a_comment_above_all_that_it_hands_on():
    assert facts("import home\n\n# Backwards compatibility.\nf = home.f\ng = home.g\n").deprecations


@pytest.mark.parametrize("code", [
    OLD_NAME.format("# Backwards compatibility.", "__all__ = ['a', 'old']"),
    OLD_NAME.format("# For backwards compatibility\n# with 0.1.", ""),
    "from home import a, b\n# Backward compat\nold: type[home.a] = home.a  # until 2.0\n",
])  # fmt: skip
def test_a_module_is_not_called_deprecated_by_a_comment_on_another_name(code):
    assert facts(code).deprecations == ()


@pytest.mark.parametrize(
    "above", ["from home import a", "from .a import a, b\nimport os", "from home import *"]
)
def test_a_module_is_not_called_deprecated_by_a_comment_on_some_of_its_imports(above):
    for comment in ("# For backward compatibility", "# Re-export c for back-compat\n# until 2.0"):
        assert facts(f"{above}\n\n{comment}\nfrom old import c\n").deprecations == ()


@pytest.mark.parametrize("above", [
    "import warnings", "from typing import Any", "from __future__ import annotations", "from home import _a",
    "from log import warn_once\nwarn_once('x')",
])  # fmt: skip
def test_a_module_is_called_deprecated_by_a_comment_on_all_that_it_hands_on(above):
    assert facts(f"{above}\n\n# For backward compatibility\nfrom home import c\n").deprecations


OLD_NAMES = (
    "{}\ndef __getattr__(name):\n  if name == 'old':\n    warnings.warn('x', DeprecationWarning)\n"
    "    return a\n  {}\n"
)


@pytest.mark.parametrize("imports", [
    "import warnings", "from ._moved import table\ntable.f()", "from importlib import import_module",
    "from __future__ import annotations", "from ._moved import _table", "import home\n__all__ = ['a']",
    "if TYPE_CHECKING:\n  from home import b\n__all__ = ['b']",
])  # fmt: skip
def test_a_module_is_called_deprecated_that_has_no_names_but_the_old_ones(imports):
    assert facts(OLD_NAMES.format(imports, "raise AttributeError(name)")).deprecations


def test_a_module_is_called_deprecated_that_warns_of_whatever_else_is_asked_for():
    assert facts(OLD_NAMES.format("from home import b", "return getattr(home, name)")).deprecations


@pytest.mark.parametrize("imports", [
    "from home import b", "from .home import b", "from home import *", "from home import b as b",
    "from home import a\n__all__ = ['a']", "from home import a\n__all__ += ['a']",
    "from typing import b\n__all__: list[str] = ['b']",
])  # fmt: skip
@pytest.mark.parametrize("refused", ["raise AttributeError(name)", "raise AttributeError"])
def test_a_module_is_not_called_deprecated_for_old_names_beside_those_it_hands_on(imports, refused):
    assert facts(OLD_NAMES.format(imports, refused)).deprecations == ()


SILENTLY = (
    "_TABLE = {}\n_SEEN = {{}}\ndef __getattr__(name):\n  {}\n"
    "  {} name == 'old':\n    warnings.warn('x', DeprecationWarning)\n    return home.b\n"
    "  raise AttributeError(name)\n"
)


@pytest.mark.parametrize("table", ["{'a': 'home'}", "['a']", "{'_b', 'a'}", "'a', 'c'"])
@pytest.mark.parametrize("other", ["if", "elif"])
def test_a_module_is_not_called_deprecated_for_old_names_beside_those_it_gives_silently(
    table, other
):
    by_table = SILENTLY.format(table, "if name in _TABLE: return load(name)", other)
    written = SILENTLY.format(0, f"if name in ({table}): return load(name)", other)
    assert facts(by_table).deprecations == facts(written).deprecations == ()


@pytest.mark.parametrize("first", [
    "if name == '__path__': return []", "if name in _SEEN: return _SEEN[name]",
    "if name.startswith('_'): return None", "if name in _TABLE: pass", "_warn(name)\n  if name in _TABLE: return 1",
    "if name in _TABLE:\n    deprecated(name)\n    return 1", "if name not in _TABLE: return None",
])  # fmt: skip
def test_a_module_is_called_deprecated_that_gives_no_name_silently(first):
    assert facts(SILENTLY.format("{'a': 'home'}", first, "if")).deprecations


@pytest.mark.parametrize("source", [
    "warnings.warn('x')", "warnings.warn('x', UserWarning)", "warnings.warn(text)",
    "if old_numpy: warnings.warn('np.float is deprecated')",
    "with loud(): warnings.warn('np.float is deprecated')",
    "warnings.warn('Python 3.8 is deprecated')", "warnings.warn('set pkg.debug')",
    "warnings.warn('x', RemovedWarning)", "warnings.warn(RuntimeWarning('x'))",
    '"""Warns the user."""',
    "def f():\n  warnings.warn('x', DeprecationWarning)\n  return 1", "x = 'deprecated'",
    "from home import a\n# For backwards compatibility\n# e.g. pymc reads it.\n__all__ = ['a']",
])  # fmt: skip
def test_a_module_is_not_called_deprecated_by(source):
    assert facts(source).deprecations == ()


LAZY = "def __getattr__(name):\n  return getattr(import_module(t[name]), name)"


@pytest.mark.parametrize("source, parts", [
    ("m = 'x'\nwarn(m, DeprecationWarning)", {"m"}), ("m: str = 'x'\nwarn(m, FutureWarning)", {"m"}),
    ("v = '2.0'\nm = f'until {v}'\nwarn(f'{__file__} {m}', DeprecationWarning)", {"m", "v"}),
    ("old, new = 1, 2\nm = 'x'\ndeprecated(m, new)", {"m"}), ("m = 'x'\ndeprecated(m)\ndel m", set()),
    ("m = 'x'\nwarn(m)", set()), ("m = 'x'\nwarn('y', DeprecationWarning)", set()),
    ("m = 'x'\nwarn(m, DeprecationWarning)\ndef f():\n  return m", set()),
    ("v = 1\nm = v\nw = v\nwarn(m, DeprecationWarning)", {"m"}),
    ("m = 'x'\nm = m + 'y'\nwarn(m, DeprecationWarning)", set()),
    ("m = 'x'\nif a:\n  warn(m, DeprecationWarning)", set()),
    (f"t = {{'a': 'home'}}\n{LAZY}\ndef __dir__():\n  return sorted(t)", {"t"}),
    (f"t = {{'a': 'home'}}\n{LAZY}\ndef find(name):\n  return t[name]", set()),
    ("t = {'a': 1}\ndef __getattr__(name):\n  return t[name]\ndef __dir__():\n  return sorted(t)", set()),
    ("t = {}\ndef __getattr__(name):\n  raise AttributeError(name)", set()),
])  # fmt: skip
def test_what_only_serves_the_modules_own_warning_or_getattr_is_told(source, parts):
    assert facts(source).machinery == parts


@pytest.mark.parametrize("source, forms", [
    ("from home import a\na = a", ["import-from"]), ("def a(): pass\na = a", ["function"]),
    ("import a\na: M = a", ["import"]), ("open = open", ["value"]), ("a = a\nfrom home import a", ["value", "import-from"]),
    ("try:\n  from home import a\nexcept ImportError:\n  a = a", ["import-from", "value"]),
    ("from home import a\na = b", ["import-from", "alias"]), ("from home import a\na = a()", ["import-from", "value"]),
])  # fmt: skip
def test_a_name_that_is_assigned_to_itself_is_not_bound_anew(source, forms):
    (found,) = (events for name, events in facts(source).bindings.items() if name in ("a", "open"))
    assert [binding.form for binding in found] == forms


@pytest.mark.parametrize("source", [
    "f()", "x[0] = 1", "x.y = 1", "for i in x: pass", "assert x", "raise E", "f", "exec('x')",
    "while f(): pass", "del x.y", "del x[0]", "with f(): pass", "warnings.filterwarnings('ignore')",
    "logging.captureWarnings(True)", "warnings.resetwarnings()",
])  # fmt: skip
def test_a_statement_has_an_effect(source):
    assert facts(source).effects == (1,)


@pytest.mark.parametrize("source", [
    "import a", "def f(): g()", "pass", "'text'", "...", "x = f()", "warnings.warn('x')",
    "__all__.append('a')", "sys.modules['x'] = y", "if TYPE_CHECKING:\n  import b",
    "try:\n  import a\nexcept ImportError:\n  raise X", "del x", "warn_deprecated('x')",
    "with suppress(ImportError):\n  import a", "with warnings.catch_warnings():\n  import a",
])  # fmt: skip
def test_a_statement_has_no_effect_of_its_own(source):
    assert facts(source).effects == ()


@pytest.mark.parametrize("source", [
    "for n in x: globals()[n] = 1", "globals().update(x)", "globals()[n] = 1", "vars()[n] = 1",
    "def f(n):\n  globals()[n] = 1", "setattr(sys.modules[__name__], n, 1)", "exec(x)",
    "for n in x: setattr(sys.modules[__name__], n, 1)", "sys.modules[__name__].__dict__.update(x)",
])  # fmt: skip
def test_names_are_set_in_a_way_that_only_a_run_tells(source):
    assert facts(source).overwrites
    assert facts(source).opaque


@pytest.mark.parametrize("source", [
    "globals()['a'] = 1", "x = globals()", "x = globals()['a']", "def f(): return globals()[n]",
    "setattr(sys.modules[__name__], 'a', 1)", "vars(x).update(y)",
])  # fmt: skip
def test_names_can_be_read(source):
    assert not facts(source).overwrites


def test_patches_are_attributes_that_the_top_level_sets():
    source = "x.y.a = 1\nsetattr(x, 'b', 1)\ndef f(): x.c = 1\nx: int = 1\n"
    assert facts(source).patches == (("x.y", "a", 1), ("x", "b", 2))


@pytest.mark.parametrize("source, wraps", [
    ("class a(b.C): pass", "b.C"), ("class a(b):\n  'text'", "b"), ("class a(b):\n  x = 1", ""),
    ("class a(b, c): pass", ""), ("@d\nclass a(b): pass", ""), ("class a: pass", ""),
    ("class a(b):\n  def __init__(self, *p):\n    warnings.warn('x')\n"
     "    super().__init__(*p)", "b"),
    ("def a(*p, **k): return b(*p, **k)", "b"), ("def a(x):\n  warn('x')\n  return b.c(x)", "b.c"),
    ("async def a(x): return await b(x)", "b"), ("def a(x): return b(x, 1)", ""),
    ("def a(x): return b()", ""), ("def a(): return b()", ""), ("def a(x): return x(x)", ""),
    ("def a(x):\n  y = 1\n  return b(x)", ""), ("def a(x): b(x)", ""),
])  # fmt: skip
def test_a_definition_only_passes_on(source, wraps):
    assert facts(source).bindings["a"][0].wraps == wraps


@pytest.mark.parametrize(
    "source",
    ["f(globals())", "f(x, names=vars())", "f(sys.modules[__name__])", "x = f('m', globals())"],
)
def test_a_function_that_is_given_the_namespace_may_add_names(source):
    assert facts(source).opaque
    assert not facts(source).overwrites


def test_a_function_that_sets_one_global_binds_it_again():
    assert facts("def f():\n  globals()['a'] = 1\n").rebound_globals == {"a"}


def test_a_main_guard_is_seen():
    assert facts("if __name__ == '__main__':\n  f()").has_main_guard
    assert not facts("if x == 1:\n  f()").has_main_guard


@pytest.mark.parametrize("path, is_package", [
    ("a/__init__.py", True), ("a/__init__.pyi", True), ("__init__.py", True), ("a.py", False),
])  # fmt: skip
def test_a_package_is_told_by_its_path(path, is_package):
    assert facts("", path).is_package is is_package


def test_many_statements_take_no_more_than_their_share_of_time():
    # Deep nesting and long lists are where a walk over walks would show.
    deep = "def f():\n" + "".join(f"{' ' * n}if x:\n" for n in range(1, 90)) + " " * 90 + "import a"
    assert len(facts(deep).imports) == 1
    long = "".join(f"if x{n}:\n  from m import a{n}\n" for n in range(5000))
    assert len(facts(long).bindings) == 5000


def test_a_stub_may_know_a_function_by_its_overloads_only():
    source = "@overload\ndef a(x: int) -> int: ...\n@overload\ndef a(x: str) -> str: ...\n"
    assert [b.form for b in facts(source, "m.pyi").bindings["a"]] == ["function"]
    assert "a" not in facts(source).bindings


@pytest.mark.parametrize(
    "source, opaque",
    [
        ("sys.modules[__name__].__class__ = Lazy", True),
        ("sys.modules[__name__].__doc__ = text", False),
        ("thing.__class__ = Lazy", False),
    ],
)
def test_a_module_with_a_class_of_its_own_makes_names_at_run_time(source, opaque):
    assert facts(source).opaque is opaque


def test_a_module_replaces_itself_by_what_a_string_names_only_where_that_is_certain():
    replaced = "sys.modules[__name__] = import_module('home')\n"
    (alias,) = facts(replaced).aliases
    assert (alias.name, alias.target, alias.is_literal) == ("", "home", True)
    assert not facts(f"try:\n  {replaced}except ImportError:\n  x = 1\n").aliases
    assert not facts(f"if X:\n  {replaced}").aliases
    assert not facts(replaced.replace("'home'", "'.home', anchor")).aliases
