"""What ``__getattr__`` of a module answers for."""

import ast

import pytest

from trackfix.project.facts.lazy import read


def names(source):
    bindings, _, _ = read(ast.parse(source))
    return {b.name: (b.module, b.source) for b in bindings}


def getattr_with(body, tables=""):
    return tables + "\ndef __getattr__(name):\n" + "".join(f"  {line}\n" for line in body)


RETURNS = {
    "a name": ["from home import a", "return a"],
    "a renamed name": ["from home import a as b", "return b"],
    "an attribute of a module": ["import home", "return home.a"],
    "an attribute of a renamed module": ["import home as h", "return h.a"],
    "getattr with the parameter": ["import home", "return getattr(home, name)"],
    "getattr with a literal": ["import home", 'return getattr(home, "a")'],
    "import_module": ['return importlib.import_module("home").a'],
    "a variable of import_module": ['m = import_module("home")', "return m.a"],
    "after a warning": ['warnings.warn("moved")', "from home import a", "return a"],
    "locals": ["from home import a", "return locals()[name]"],
}


@pytest.mark.parametrize("body", RETURNS.values(), ids=RETURNS)
def test_a_branch_returns(body):
    source = getattr_with(['if name == "a":', *("  " + line for line in body)])
    assert names(source) == {"a": ("home", "a")}
    assert read(ast.parse(source))[2] is False


AROUND = {
    "a module": ("from pkg import home as _home\n", "return getattr(_home, name)", "pkg.home"),
    "a module by its name": ("import home as _home\n", "return _home.a", "home"),
    "a name": ("from home import a as _a\n", "return _a", "home"),
}


@pytest.mark.parametrize("around, returned, home", AROUND.values(), ids=AROUND)
def test_a_branch_returns_what_the_module_imported(around, returned, home):
    source = getattr_with(['if name in ("a",):', f"  {returned}"], around)
    assert names(source) == {"a": (home, "a")}


def test_a_branch_that_returns_what_the_module_made_of_an_import_is_no_reexport():
    source = getattr_with(['if name == "a":', "  return a"], "from home import a\na = wrap(a)\n")
    assert names(source) == {}


def test_a_branch_returns_what_its_function_imported_before():
    source = getattr_with(["import home", 'if name == "a":', "  return home.a"])
    assert names(source) == {"a": ("home", "a")}


CASES = {
    "one name": ["match name:", '  case "a":', "    from home import a", "    return a"],
    "others before it": [
        "match name:",
        '  case "x": raise KeyError(name)',
        '  case "a": return importlib.import_module("home").a',
        "  case _: raise AttributeError(name)",
    ],
}


@pytest.mark.parametrize("body", CASES.values(), ids=CASES)
def test_a_case_returns(body):
    assert names(getattr_with(body)) == {"a": ("home", "a")}


def test_a_case_of_several_names_returns_each():
    source = getattr_with(
        ["import home", "match name:", '  case "a" | "b": return getattr(home, name)']
    )
    assert names(source) == {"a": ("home", "a"), "b": ("home", "b")}


@pytest.mark.parametrize("case", [
    'case "a" if new: return home.a',
    "case a: return home.a",
    "case str(): return home.a",
    'case "a": return wrap(home.a)',
])  # fmt: skip
def test_a_case_that_is_not_for_one_name_alone_is_no_reexport(case):
    source = getattr_with(["import home", "match name:", f"  {case}"])
    assert names(source) == {}
    assert read(ast.parse(source))[2] is True


def test_a_match_of_something_else_is_no_reexport():
    source = getattr_with(["import home", "match mode:", '  case "a": return home.a'])
    assert names(source) == {}


def test_a_branch_returns_a_module():
    source = getattr_with(['if name == "sub":', "  import pkg.sub as s", "  return s"])
    assert names(source) == {"sub": ("pkg.sub", "")}


def test_a_module_imported_from_a_package_has_attributes():
    source = getattr_with(['if name == "a":', "  from . import home", "  return home.a"])
    assert names(source) == {"a": (".home", "a")}


@pytest.mark.parametrize("body", [
    ["from home import a", "return wrap(a)"],
    ["return compute()"],
    ["from home import a", "b = wrap(a)", "return b"],
    ["import home", "return getattr(home, other)"],
    ["raise AttributeError(name)"],
])  # fmt: skip
def test_what_is_made_is_no_reexport(body):
    source = getattr_with(['if name == "a":', *("  " + line for line in body)])
    assert names(source) == {}
    assert read(ast.parse(source))[2] is True


@pytest.mark.parametrize("test", ['other == "a"', 'name != "a"', 'name == "a" and x', "name in T"])
def test_only_a_plain_comparison_tells_the_name(test):
    assert names(getattr_with([f"if {test}:", "  from home import a", "  return a"])) == {}


TABLES = {
    "modules": ('T = {"a": "home"}', {"a": ("home", "?")}),
    "dotted names": ('T = {"a": "home.a"}', {"a": ("home.a", "?")}),
    "a colon": ('T = {"a": "home:b"}', {"a": ("home", "b")}),
    "pairs": ('T = {"a": ("home", "b")}', {"a": ("home", "b")}),
    "a package and a relative module": (
        'T = {"a": (__spec__.parent, ".home")}', {"a": (".home", "a")}),
    "names of each module": ('T = {"home": ["a", "b"]}', {"a": ("home", "a"), "b": ("home", "b")}),
    "messages": ('T = {"a": "use b instead"}', {}),
    "versions": ('T = {"a": "1.2.0"}', {}),
    "numbers": ('T = {"a": 1, 2: "home"}', {}),
    "spread": ("T = {**other}", {}),
}  # fmt: skip


@pytest.mark.parametrize("table, expected", TABLES.values(), ids=TABLES)
def test_a_table_of(table, expected):
    source = getattr_with(["return getattr(import_module(T[name]), name)"], table)
    assert names(source) == expected


def test_a_table_without_getattr_means_modules():
    source = getattr_with(["return import_module(T[name])"], 'T = {"sub": "pkg.sub"}')
    assert names(source) == {"sub": ("pkg.sub", "?module")}


def test_a_table_that_is_not_used_says_nothing():
    assert names(getattr_with(["raise AttributeError(name)"], 'T = {"a": "home"}')) == {}


def test_an_explicit_branch_comes_before_the_table():
    source = getattr_with(
        ['if name == "a":', "  from x import a", "  return a", "return getattr(f(T[name]), name)"],
        'T = {"a": "home", "b": "home"}',
    )
    assert names(source) == {"a": ("x", "a"), "b": ("home", "?")}


@pytest.mark.parametrize("call", [
    "__getattr__ = make(__package__, T)",
    "__getattr__ = make(__name__, table=T)",
    "__getattr__, __dir__ = make(__name__, T)",
    "sys.modules[__name__] = LazyModule(__name__, T)",
])  # fmt: skip
def test_a_table_is_handed_to_a_helper(call):
    assert names(f'T = {{"a": "home"}}\n{call}\n') == {"a": ("home", "?")}


def test_lazy_loader_attaches_submodules_and_their_names():
    source = (
        "__getattr__, __dir__, __all__ = lazy.attach(\n"
        '    __name__, ["sub"], submod_attrs={"home": ["a"]})\n'
    )
    assert names(source) == {"sub": (".sub", ""), "a": ("home", "a")}


BY_NAME = {
    'import_module(".home", __package__)': ".home",
    'import_module(".home", package=__name__)': ".home",
    'import_module(".home", "pkg.sub")': "pkg.sub.home",
    'import_module("home", "pkg.sub")': "home",
    '__import__("pkg.home", globals())': "pkg",
    '__import__("pkg.home", globals(), None, ["a"])': "pkg.home",
    '__import__("pkg.home", fromlist=["a"])': "pkg.home",
}


@pytest.mark.parametrize("source, delegate", [
    (getattr_with(["return getattr(home, name)"], "import home"), "home"),
    (getattr_with(["import home.x as h", "return getattr(h, name)"]), "home.x"),
    (getattr_with(["from . import home", "return getattr(home, name)"]), ".home"),
    (getattr_with(["return getattr(_h, name)"], "import pkg.home as _h\n"), "pkg.home"),
    (getattr_with(["return getattr(_h, name)"], "from pkg import home as _h\n"), "pkg.home"),
    (getattr_with(["return getattr(h, name)"], "import pkg.home as h\nh = wrap(h)\n"), "h"),
    (getattr_with(['return getattr(import_module("home"), name)']), "home"),
    *((getattr_with([f"return getattr({call}, name)"]), home) for call, home in BY_NAME.items()),
    (getattr_with(["if name[0] == '_':", "  raise E", "return getattr(home, name)"]), "home"),
])  # fmt: skip
def test_all_names_are_those_of_one_module(source, delegate):
    bindings, delegates, opaque = read(ast.parse(source))
    assert ([name for name, _ in delegates], bindings, opaque) == ([delegate], [], False)


@pytest.mark.parametrize("body", [
    ["return getattr(home, name.lower())"],
    ["return getattr(home, name, None) or other"],
    ["if x:", "  return getattr(a, name)", "return getattr(b, name)"],
    ["return cache[name]"],
    [],
])  # fmt: skip
def test_anything_else_is_opaque(body):
    source = getattr_with(body or ["pass"])
    assert read(ast.parse(source)) == ([], (), True)


def test_a_table_of_texts_that_are_given_as_they_are_names_no_homes():
    body = ["if name in t: return t[name]", "raise AttributeError(name)"]
    assert read(ast.parse(getattr_with(body, "t = {'MODE': 'fast'}"))) == ([], (), True)


def test_getattr_in_a_class_is_none_of_ours():
    assert read(ast.parse("class A:\n  def __getattr__(self, name): return 1\n")) == ([], (), False)
