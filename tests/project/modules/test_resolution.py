"""Where a name comes from: every form in which a shim hands it on."""

import pytest

from trackfix.project.modules.resolution import Resolver

HOME = "def a(): pass\n\nclass B: pass\n\nLIMIT = 1\n_private = 2\n"

CERTAIN = {
    "plain": "from home import a",
    "with __all__": 'from home import a\n__all__ = ["a"]',
    "a __future__ line before the docstring": (
        'from __future__ import annotations\n"""Moved to home."""\nfrom home import a'
    ),
    "a warning before": (
        'import warnings\nwarnings.warn("x", DeprecationWarning, stacklevel=2)\nfrom home import a'
    ),
    "a helper that warns": (
        'def _deprecation_warning(o, n): pass\n_deprecation_warning("o", "n")\nfrom home import a'
    ),
    "a star": "from home import *",
    "a renaming": "from home import a as b\na = b",
    "an attribute": "import home\na = home.a",
    "an attribute of an aliased module": "import home as h\na = h.a",
    "two names at once": "import home\na, b = home.a, home.B",
    "an attribute of a module that is gone in the end": "import home as _h\na = _h.a\ndel _h",
    "two names of a module that is gone in the end": "import home\na, b = home.a, home.B\ndel home",
    "another name for what is gone in the end": "from home import a as _a\na = _a\ndel _a",
    "setattr on the module itself": (
        "import sys\nimport home\nsetattr(sys.modules[__name__], 'a', home.a)"
    ),
    "globals() with a literal name": "import home\nglobals()['a'] = home.a",
    "a context manager around": "import warnings\nwith warnings.catch_warnings():\n  from home import a",
    "a try that only reports": "try:\n  from home import a\nexcept ImportError as e:\n  raise X from e",
    "a try with finally": "try:\n  from home import a\nfinally:\n  pass",
    "a try without another home": "try:\n  from home import a\nexcept ImportError:\n  pass",
    "the same home in both branches": (
        "try:\n  from home import a\nexcept ImportError:\n  from home import a"
    ),
    "the last of two imports": "from other import a\nfrom home import a",
    "an if": 'def __getattr__(name):\n  if name == "a":\n    from home import a\n    return a',
    "an if with in": (
        'def __getattr__(name):\n  if name in ("a", "B"):\n    import home\n'
        "    return getattr(home, name)"
    ),
    "an if with import_module": (
        'def __getattr__(name):\n  if name == "a":\n    return import_module("home").a'
    ),
    "an elif": (
        'def __getattr__(name):\n  if name == "B":\n    from home import B\n    return B\n'
        '  elif name == "a":\n    from home import a as x\n    return x'
    ),
    "a table of modules": (
        'T = {"a": "home"}\ndef __getattr__(name):\n  return getattr(import_module(T[name]), name)'
    ),
    "a table of dotted names": (
        'T = {"a": "home.a"}\ndef __getattr__(name):\n'
        '  m, _, n = T[name].rpartition(".")\n  return getattr(import_module(m), n)'
    ),
    "a table of pairs": (
        'T = {"a": ("home", "a")}\ndef __getattr__(name):\n'
        "  m, n = T[name]\n  return getattr(import_module(m), n)"
    ),
    "a table for a helper": 'T = {"a": "home"}\n__getattr__ = make_importer(__package__, T)',
    "a table in the call": '__getattr__ = add_deprecated({"a": "home.a"}, __name__)',
    "a typed table": (
        'T: dict[str, str] = {"a": "home"}\ndef __getattr__(name):\n'
        "  return getattr(import_module(T[name]), name)"
    ),
    "a helper of __getattr__": (
        'T = {"a": "home"}\ndef _load(name):\n  return getattr(import_module(T[name]), name)\n'
        "def __getattr__(name):\n  return _load(name)"
    ),
    "every name of one module": (
        "import home\ndef __getattr__(name):\n  return getattr(home, name)"
    ),
    "every name of one module, imported inside": (
        "def __getattr__(name):\n  import home\n  return getattr(home, name)"
    ),
    "for checkers, and lazy at run time": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  from home import a\n"
        'def __getattr__(name):\n  if name == "a":\n    from home import a\n    return a'
    ),
    "for run time only": (
        "from typing import TYPE_CHECKING\nif not TYPE_CHECKING:\n  from home import a"
    ),
    "the module itself replaced": "import sys, home\nsys.modules[__name__] = home",
    "the module replaced by its name": "import sys, home\nsys.modules['old'] = home",
    "the module replaced by another entry": (
        "import sys, home as h\nsys.modules[__name__] = sys.modules['home']"
    ),
    "the module replaced by what a string names": (
        "import sys, importlib\nsys.modules[__name__] = importlib.import_module('home')"
    ),
}


@pytest.mark.parametrize("source", CERTAIN.values(), ids=CERTAIN)
def test_home_is_certain_and_movable_through(resolver, source):
    found = resolver({"home.py": HOME, "other.py": HOME, "old.py": source}).resolve("old", "a")
    assert (found.home, found.status, found.kind) == ("home:a", "certain", "function")
    assert found.movable
    assert not found.obstacle
    assert found.path == "home.py"
    assert all(hop.path == "old.py" for hop in found.hops)


DOUBTED = {
    # source -> status, home
    "a fallback that is None": (
        "try:\n  from home import a\nexcept ImportError:\n  a = None", "guarded", "home:a"),
    "a fallback set before": (
        "a = None\ntry:\n  from home import a\nexcept ImportError:\n  pass", "guarded", "home:a"),
    "another home in the except": (
        "try:\n  from home import a\nexcept ImportError:\n  from other import a",
        "guarded", "home:a"),
    "a home in the except that is not there": (
        "try:\n  from pkg.home import a\nexcept ImportError:\n  from pkg.gone import a",
        "guarded", "pkg.home:a"),
    "a home in the try that is not there": (
        "try:\n  from pkg.gone import a\nexcept ImportError:\n  from pkg.home import a",
        "guarded", "pkg.home:a"),
    "no home that is there": (
        "try:\n  from pkg.gone import a\nexcept ImportError:\n  from pkg.lost import a",
        "guarded", "pkg.gone:a"),
    "an import that stands in an except": (
        "try:\n  import x\nexcept ImportError:\n  from home import a", "conditional", "home:a"),
    "an import under a condition": ("if FAST:\n  from home import a", "conditional", "home:a"),
    "different homes in branches": (
        "if FAST:\n  from home import a\nelse:\n  from other import a",
        "conditional", "other:a"),
    "a branch whose home is not there": (
        "if FAST:\n  from home import a\nelse:\n  from home import nothing as a",
        "conditional", "home:a"),
    "a branch whose module is not there": (
        "if FAST:\n  from pkg.home import a\nelse:\n  from pkg.gone import a",
        "conditional", "pkg.home:a"),
    "a try under a condition": (
        "if FAST:\n  try:\n    from home import a\n  except ImportError:\n    pass",
        "conditional", "home:a"),
    "a loop": ("for _ in X:\n  from home import a", "conditional", "home:a"),
    "a case": ("match X:\n  case 1:\n    from home import a", "conditional", "home:a"),
    "a global that a function binds": (
        "from home import a\ndef f():\n  global a\n  a = 1", "conditional", "home:a"),
    "a guarded star": (
        "try:\n  from home import *\nexcept ImportError:\n  pass", "guarded", "home:a"),
    "a conditional star": ("if FAST:\n  from home import *", "conditional", "home:a"),
    "a star from a library after it": (
        "from home import a\nfrom library import *", "conditional", "library:a"),
    "a star from a library": ("from library import *", "conditional", "library:a"),
    "a name for checkers only": (
        "if TYPE_CHECKING:\n  from home import a", "conditional", "home:a"),
    "a name for checkers and an opaque __getattr__": (
        "if TYPE_CHECKING:\n  from home import a\ndef __getattr__(name):\n  return compute(name)",
        "conditional", "home:a"),
    "an opaque __getattr__": (
        "def __getattr__(name):\n  return compute(name)", "conditional", "old:a"),
    "names set in a loop": (
        "for n in N:\n  globals()[n] = make(n)", "conditional", "old:a"),
    "names set by a function": (
        "def fill():\n  globals().update(make())\nfill()", "conditional", "old:a"),
    "exec": ("exec(text)", "conditional", "old:a"),
    "an attribute of a module that is not certain": (
        "if X:\n  import home as h\nelse:\n  import other as h\na = h.a", "conditional", "other:a"),
    "a table that renames": (
        'T = {"a": "new"}\ndef __getattr__(name):\n  return getattr(this, T[name])',
        "conditional", "old:a"),
    "a module replaced by what a name names": (
        "import sys, importlib\nsys.modules[__name__] = importlib.import_module(NAME)",
        "conditional", "old:a"),
    "a module replaced by an object": (
        "import sys\nclass Lazy: pass\nlazy = Lazy()\nsys.modules[__name__] = lazy",
        "conditional", "old:a"),
}  # fmt: skip


@pytest.mark.parametrize("source, status, home", DOUBTED.values(), ids=DOUBTED)
def test_nothing_is_promised_of(resolver, source, status, home):
    homes = {"home.py": HOME, "other.py": HOME, "pkg/__init__.py": "", "pkg/home.py": HOME}
    found = resolver({**homes, "old.py": source}).resolve("old", "a")
    assert (found.status, found.home) == (status, home)
    assert not found.movable
    assert found.obstacle


GUARD = "try:\n  from {} import a\nexcept ImportError:\n  from {} import a"


@pytest.mark.parametrize(
    "tried, other, why",
    [
        ("pkg.home", "pkg.other", "old.py:4 has another home for it"),
        ("pkg.gone", "pkg.home", "old.py:2 names a home that is not here: there is no module pkg.gone"),
        ("pkg.home", "pkg.gone", "old.py:4 names a home that is not here: there is no module pkg.gone"),
        ("pkg.home", "library", "old.py:4 has another home for it"),
        ("pkg.home", "pkg.guarded", "pkg/guarded.py:4 has another home for it"),
        ("pkg.guarded", "pkg.home", "pkg/guarded.py:4 has another home for it"),
    ],
)  # fmt: skip
def test_another_home_is_told_only_where_there_is_one(resolver, tried, other, why):
    homes = {"pkg/__init__.py": "", "pkg/home.py": HOME, "pkg/other.py": HOME}
    guarded = {"pkg/guarded.py": GUARD.format("pkg.home", "pkg.other")}
    old = GUARD.format(tried, other)
    found = resolver({**homes, **guarded, "old.py": old}).resolve("old", "a")
    assert (found.status, found.home, found.obstacle) == ("guarded", "pkg.home:a", why)


MISSING = {
    "an empty module": "",
    "a name that home lacks": "from home import nothing as a, B",
    "a deleted name": "from home import a\ndel a",
    "a private name behind a star": "from home import *",
    "a name that __all__ leaves out": "from home2 import *",
    "a module that is not there": "from pkg.gone import a",
    "an import that climbs out": "from ..home import a",
    "a table of messages": 'T = {"a": "use b instead"}\nx = T',
}


@pytest.mark.parametrize("source", MISSING.values(), ids=MISSING)
def test_is_missing_with(resolver, source):
    files = {"home.py": HOME.replace("def a", "def _a"), "old.py": source, "pkg/__init__.py": ""}
    files["home2.py"] = '__all__ = ["B"]\n' + HOME
    found = resolver(files).resolve("old", "a")
    assert found.status == "missing"
    assert not found.movable


SCRIPT = 'if __name__ == "__main__":\n  from other import a\n'


def test_what_a_module_does_as_a_script_binds_nothing(resolver):
    answers = resolver(
        {"home.py": HOME, "other.py": HOME, "old.py": f"from home import a\n{SCRIPT}"}
    )
    assert answers.resolve("old", "a").home == "home:a"
    assert answers.resolve("old", "a").movable
    assert [i.eager for i in answers.project.facts["old.py"].imports] == [True, False]


class TestChains:
    def test_each_step_is_a_hop(self, resolver):
        found = resolver({
            "home.py": HOME,
            "one.py": "from home import a as x\n",
            "two.py": "from one import *\n",
            "three.py": "import two\nold = two.x\n",
        }).resolve("three", "old")  # fmt: skip
        assert found.home == "home:a"
        assert [(h.path, h.line, h.form, f"{h.module}:{h.name}") for h in found.hops] == [
            ("three.py", 2, "alias", "home:a"),
            ("three.py", 1, "import", "two:"),
            ("two.py", 1, "star", "one:x"),
            ("one.py", 1, "import-from", "home:a"),
        ]

    def test_a_circle_is_cyclic_for_all_in_it(self, resolver):
        answers = resolver({
            "one.py": "from two import a\n",
            "two.py": "from three import a\n",
            "three.py": "from one import a\n",
        })  # fmt: skip
        for module in ("two", "one", "three"):
            found = answers.resolve(module, "a")
            assert (found.status, found.movable) == ("cyclic", False)

    def test_what_leads_into_a_circle_is_cyclic(self, ask):
        files = {"old.py": "from one import a\n", "one.py": "from two import a\n"}
        files["two.py"] = "from one import a\n"
        assert ask(files, "old:a")[1] == "cyclic"

    def test_stars_that_import_each_other_find_what_either_defines(self, resolver):
        answers = resolver({
            "one.py": "from two import *\ndef f(): pass\n",
            "two.py": "from one import *\ndef g(): pass\n",
        })  # fmt: skip
        assert answers.resolve("one", "nothing").status == "missing"
        for module in ("one", "two"):
            assert answers.resolve(module, "f").home == "one:f"
            assert answers.resolve(module, "g").home == "two:g"

    def test_a_package_and_its_submodule_may_import_each_other(self, ask):
        files = {
            "pkg/__init__.py": "from pkg.sub import f\n",
            "pkg/sub.py": "from pkg import g\ndef f(): pass\n",
        }
        assert ask(files, "pkg:f") == ("pkg.sub:f", "certain")


class TestStars:
    def test_the_last_one_that_has_the_name_wins(self, ask):
        files = {"x.py": HOME, "y.py": HOME, "old.py": "from x import *\nfrom y import *\n"}
        assert ask(files, "old:a") == ("y:a", "certain")

    def test_a_later_definition_wins(self, ask):
        files = {"x.py": HOME, "old.py": "from x import *\ndef a(): pass\n"}
        assert ask(files, "old:a") == ("old:a", "certain")

    def test_an_earlier_definition_loses(self, ask):
        files = {"x.py": HOME, "old.py": "def a(): pass\nfrom x import *\n"}
        assert ask(files, "old:a") == ("x:a", "certain")

    @pytest.mark.parametrize("listed", [
        '__all__ = ["a"]',
        '__all__ = ("a",)',
        '__all__ = [] + ["a"]',
        '__all__ = []\n__all__ += ["a"]',
        '__all__ = []\n__all__.append("a")',
        '__all__ = []\n__all__.extend(["a"])',
        'L = ["a"]\n__all__ = [*L]',
        'L = ["a"]\n__all__ = list(L)',
        '__all__ = ["a", "B"]\n__all__.remove("B")',
        '__all__: list[str] = ["a"]',
        "__all__ = [a.__name__]",
    ])  # fmt: skip
    def test_all_is_read_in_every_spelling(self, resolver, listed):
        answers = resolver({"x.py": HOME + listed + "\n", "old.py": "from x import *\n"})
        assert answers.star_names("x") == {"a"}
        assert answers.resolve("old", "a").home == "x:a"
        assert answers.resolve("old", "B").status == "missing"

    @pytest.mark.parametrize("first", ["real", "a"])
    def test_an_all_that_is_asked_for_on_the_way_to_it_is_known_afterwards(self, resolver, first):
        files = {
            "pkg/__init__.py": "from pkg.old import *",
            "pkg/old.py": "from pkg.real import *\nfrom pkg import real\n__all__ = real.__all__",
            "pkg/real.py": "__all__ = ['a']\ndef a(): ...",
        }
        answers = resolver(files)
        answers.resolve("pkg", first)
        assert answers.star_names("pkg.old") == {"a"}

    def test_an_all_that_needs_itself_is_not_known(self, resolver):
        files = {
            "pkg/__init__.py": "from pkg.old import *",
            "pkg/old.py": "from pkg import real\n__all__ = real.__all__",
        }
        answers = resolver(files)
        answers.resolve("pkg", "real")
        assert answers.star_names("pkg.old") is None

    def test_all_may_be_that_of_another_module(self, resolver):
        answers = resolver({
            "x.py": HOME + '__all__ = ["a"]\n',
            "old.py": "import x\nfrom x import *\n__all__ = x.__all__ + ['c']\nc = 1\n",
        })  # fmt: skip
        assert answers.star_names("old") == {"a", "c"}

    @pytest.mark.parametrize(
        "listed",
        [
            "from x import __all__ as _x_all\n__all__ = [*_x_all, 'c']",
            "from x import __all__\n__all__ = __all__ + ['c']",
            "from x import __all__\n__all__ += ['c']",
        ],
    )
    def test_all_may_be_imported_from_another_module(self, resolver, listed):
        answers = resolver({
            "x.py": HOME + '__all__ = ["a"]\n', "old.py": f"from x import *\n{listed}\nc = 1\n",
        })  # fmt: skip
        assert answers.star_names("old") == {"a", "c"}

    @pytest.mark.parametrize(
        "listed",
        [
            "_x_all = choose()\n__all__ = [*_x_all, 'c']",
            "from x import __all__ as _x_all\n_x_all = choose()\n__all__ = [*_x_all, 'c']",
            "from x import __all__ as _x_all\nif a:\n    from y import __all__ as _x_all\n"
            "__all__ = [*_x_all, 'c']",
            "from x import names as _x_all\n__all__ = [*_x_all, 'c']",
            "from outside import __all__ as _x_all\n__all__ = [*_x_all, 'c']",
        ],
    )
    def test_a_list_that_may_be_another_one_promises_nothing(self, resolver, listed):
        answers = resolver({
            "x.py": HOME + '__all__ = ["a"]\n', "old.py": f"from x import *\n{listed}\nc = 1\n",
        })  # fmt: skip
        assert answers.star_names("old") is None

    def test_all_made_of_dir_is_every_public_name(self, resolver):
        answers = resolver({
            "x.py": HOME + "__all__ = [s for s in dir() if not s.startswith('_')]\n",
            "old.py": "from x import *\n",
        })  # fmt: skip
        assert answers.star_names("x") == {"a", "B", "LIMIT"}
        assert answers.resolve("old", "a").movable

    def test_all_made_at_run_time_promises_nothing(self, resolver):
        answers = resolver({
            "x.py": HOME + "__all__ = [n for n in choose()]\n", "old.py": "from x import *\n",
        })  # fmt: skip
        assert answers.star_names("x") is None
        found = answers.resolve("old", "a")
        assert (found.home, found.status, found.movable) == ("x:a", "conditional", False)

    def test_lazy_names_are_not_handed_on_without_all(self, resolver):
        lazy = 'def __getattr__(name):\n  if name == "a":\n    from home import a\n    return a\n'
        answers = resolver({"home.py": HOME, "x.py": lazy, "old.py": "from x import *\n"})
        assert answers.star_names("x") == set()
        assert answers.resolve("old", "a").status == "missing"


class TestModuleObjects:
    def test_an_entry_of_sys_modules_is_a_module(self, resolver):
        answers = resolver({
            "home.py": HOME, "setup_names.py": 'import sys, home\nsys.modules["old.name"] = home\n',
        })  # fmt: skip
        module = answers.module("old.name")
        assert (module.home, module.movable) == ("home", True)
        assert [h.form for h in module.hops] == ["module-alias", "import"]
        assert answers.resolve("old.name", "a").home == "home:a"
        assert answers.star_names("old.name") == {"a", "B", "LIMIT"}

    @pytest.mark.parametrize("path", ["conftest.py", "tests/__init__.py", "tests/test_a.py"])
    def test_an_entry_that_a_test_makes_is_a_double(self, resolver, path):
        answers = resolver({
            "home.py": HOME, path: 'import sys, home\nsys.modules["outside"] = home\n',
        })  # fmt: skip
        assert answers.module("outside").status == "external"
        assert answers.resolve("outside", "a").home == "outside:a"

    def test_a_module_made_on_the_spot_has_the_names_set_on_it(self, resolver):
        answers = resolver({
            "home.py": HOME,
            "make.py": """
                import sys, types, home
                old = types.ModuleType("old.name")
                old.a = home.a
                setattr(old, "C", home.B)
                old.made = compute()
                sys.modules["old.name"] = old
            """,
        })  # fmt: skip
        assert answers.resolve("old.name", "a").home == "home:a"
        assert answers.resolve("old.name", "C").home == "home:B"
        assert answers.resolve("old.name", "made").status == "conditional"
        assert answers.resolve("old.name", "nothing").status == "missing"

    def test_an_imported_module_under_another_name_is_that_module(self, resolver):
        answers = resolver({"home.py": HOME, "pkg/__init__.py": "import home as old\n"})
        found = answers.resolve("pkg", "old")
        assert (found.home, found.kind, found.movable) == ("home", "module", True)


class TestPackages:
    FILES = {
        "pkg/__init__.py": "from .sub import f\nfrom . import other\n",
        "pkg/sub.py": "from .deep.home import f\nfrom ..top import g\n",
        "pkg/deep/__init__.py": "from ..other import h\n",
        "pkg/deep/home.py": "def f(): pass\n",
        "pkg/other.py": "def h(): pass\n",
        "top.py": "def g(): pass\n",
    }

    @pytest.mark.parametrize("query, home", [
        ("pkg:f", "pkg.deep.home:f"),
        ("pkg:other", "pkg.other"),
        ("pkg:deep", "pkg.deep"),
        ("pkg.deep:h", "pkg.other:h"),
        ("pkg.deep.home:f", "pkg.deep.home:f"),
    ])  # fmt: skip
    def test_relative_imports_are_followed(self, ask, query, home):
        assert ask(self.FILES, query) == (home, "certain")

    def test_relative_imports_stay_in_their_package(self, ask):
        assert ask(self.FILES, "pkg.sub:g")[1] == "missing"

    def test_a_function_named_like_its_module_hides_it(self, ask):
        files = {"pkg/__init__.py": "from .run import run\n", "pkg/run.py": "def run(): pass\n"}
        assert ask(files, "pkg:run") == ("pkg.run:run", "certain")

    def test_a_name_that_a_submodule_would_replace_is_not_promised(self, resolver):
        found = resolver({
            "pkg/__init__.py": "from .api import run\nfrom .run import x\n",
            "pkg/api.py": "def run(): pass\n", "pkg/run.py": "x = 1\n",
        }).resolve("pkg", "run")  # fmt: skip
        assert (found.home, found.status, found.movable) == ("pkg.api:run", "conditional", False)

    def test_a_compiled_submodule_is_outside(self, tmp_path, ask):
        (tmp_path / "pkg").mkdir()
        (tmp_path / "pkg/_fast.cpython-311-x86_64-linux-gnu.so").write_bytes(b"")
        files = {"pkg/__init__.py": "from pkg._fast import f\n"}
        assert ask(files, "pkg:f") == ("pkg._fast:f", "external")


class TestStubs:
    def test_code_is_the_home_and_not_its_stub(self, resolver):
        found = resolver({
            "home.pyi": "def a() -> None: ...\n", "home.py": HOME, "old.py": "from home import a\n",
        }).resolve("old", "a")  # fmt: skip
        assert (found.home, found.path) == ("home:a", "home.py")

    def test_a_stub_adds_no_names_to_code(self, ask):
        assert ask({"home.pyi": "x: int\n", "home.py": "y = 1\n"}, "home:x")[1] == "missing"

    def test_a_stub_stands_in_beside_its_importer(self, resolver):
        found = resolver({
            "pkg/__init__.py": "", "pkg/sub/fast.pyi": "def a() -> None: ...\n",
            "pkg/sub/__init__.py": "from .fast import *\nfrom .fast import a as b\n",
            "main.py": "from tool import a\n",
            "tool.pyi": "def a() -> None: ...\n",
        })  # fmt: skip
        homes = {found.resolve("pkg.sub", name).home for name in ("a", "b")}
        assert homes == {"pkg.sub.fast:a"}
        assert found.resolve("main", "a").path == "tool.pyi"

    def test_a_stub_below_a_stub_package_may_be_no_module_at_all(self, resolver):
        found = resolver({
            "pkg/__init__.py": "from pkg._rust.x509 import load\nfrom pkg._rust import f\n",
            "pkg/_rust/__init__.pyi": "def f() -> None: ...\n",
            "pkg/_rust/x509.pyi": "def load() -> None: ...\n",
        })  # fmt: skip
        inner = found.resolve("pkg", "load")
        assert (inner.home, inner.status) == ("pkg._rust.x509:load", "conditional")
        assert not inner.movable
        assert found.resolve("pkg", "f").movable

    def test_a_stub_stands_in_for_a_compiled_module(self, resolver):
        found = resolver({"fast.pyi": "def a() -> None: ...\n"}).resolve("fast", "a")
        assert (found.home, found.path) == ("fast:a", "fast.pyi")


class TestDefinitions:
    @pytest.mark.parametrize("name, kind", [("a", "function"), ("B", "class"), ("LIMIT", "value")])
    def test_a_definition_is_its_own_home(self, resolver, name, kind):
        found = resolver({"home.py": HOME}).resolve("home", name)
        assert (found.home, found.kind, found.hops) == (f"home:{name}", kind, ())

    @pytest.mark.parametrize("source", [
        "class a(home.B): pass",
        "def a(*args, **kwargs):\n  warn('x')\n  return home.a(*args, **kwargs)",
        "a = wrap(home.a)",
        "a = home.B.method",
        "a = home.a\na = 1",
        "from home import a\na = wrap(a)",
    ])  # fmt: skip
    def test_a_wrapper_is_a_definition(self, ask, source):
        files = {"home.py": HOME, "old.py": f"import home\n{source}\n"}
        assert ask(files, "old:a") == ("old:a", "certain")

    def test_a_mixed_module_has_homes_of_both_kinds(self, resolver):
        answers = resolver({"home.py": HOME, "old.py": "from home import a\ndef own(): pass\n"})
        assert answers.resolve("old", "a").home == "home:a"
        assert answers.resolve("old", "own").home == "old:own"

    @pytest.mark.parametrize("source", [
        "if X:\n  def f(): pass\nelse:\n  def f(): return 1\n",
        "if X:\n  def f(): pass\nelif Y:\n  def f(): return 1\nelse:\n  raise E\n",
        "try:\n  def f(): pass\nexcept E:\n  def f(): return 1\n",
        "if X:\n  if Y:\n    def f(): pass\n  else:\n    def f(): pass\nelse:\n  def f(): pass\n",
        "from x import f\nif X:\n  def f(): pass\nelse:\n  def f(): return 1\n",
    ])  # fmt: skip
    def test_a_definition_in_all_branches_is_certain(self, ask, source):
        assert ask({"home.py": source}, "home:f") == ("home:f", "certain")

    @pytest.mark.parametrize("source", [
        "if X:\n  def f(): pass\n",
        "if X:\n  def f(): pass\nelif Y:\n  def f(): return 1\n",
        "if X:\n  if Y:\n    def f(): pass\nelse:\n  def f(): pass\n",
        "for x in X:\n  if x:\n    def f(): pass\n  else:\n    def f(): pass\n",
    ])  # fmt: skip
    def test_a_definition_in_some_branches_is_here_but_conditional(self, resolver, source):
        found = resolver({"home.py": source}).resolve("home", "f")
        assert (found.home, found.status, found.movable) == ("home:f", "conditional", True)

    def test_an_import_from_itself_changes_nothing(self, ask):
        files = {"home.py": "def a(): pass\nfrom home import a\nif a():\n  from home import a\n"}
        assert ask(files, "home:a") == ("home:a", "certain")

    def test_an_alias_is_read_where_it_stands(self, ask):
        files = {"home.py": "def a(): pass\nb = a\ndef a(): return 1\n"}
        assert ask(files, "home:b") == ("home:b", "certain")

    @pytest.mark.parametrize("source", [
        "import home as h\na = h.a\nimport other as h\ndel h\n",
        "if FAST: import home as h\na = h.a\ndel h\n",
        "import home as h\nh = wrap(h)\na = h.a\ndel h\n",
        "a = h.a\nimport home as h\ndel h\n",
    ])  # fmt: skip
    def test_an_alias_of_what_may_be_something_else_is_here(self, ask, source):
        files = {"home.py": HOME, "other.py": HOME, "old.py": source}
        assert ask(files, "old:a") == ("old:a", "certain")

    def test_a_name_from_outside_is_external(self, resolver):
        found = resolver({"old.py": "from library.part import a\n"}).resolve("old", "a")
        assert (found.home, found.status, found.movable) == ("library.part:a", "external", True)


def test_a_module_that_is_replaced_by_what_its_own_star_brings_is_a_circle(tree):
    project = tree(
        {
            "home.py": "from home import *\nimport sys\nsys.modules[__name__] = home\n",
            "old.py": "from home import *\n",
        }
    )
    resolver = Resolver(project)
    assert resolver.module("home").status == "cyclic"
    assert resolver.resolve("old", "a").status in ("missing", "cyclic", "conditional")


def test_a_circle_is_told_as_it_looks_from_the_module_that_is_asked(resolver):
    files = {"a.py": "from b import f\n", "b.py": "from a import f\n", "c.py": "from b import f\n"}
    alone = {name: resolver(files).resolve(name, "f") for name in "abc"}
    for order in ("abc", "cba", "bac"):
        together = resolver(files)
        assert {name: together.resolve(name, "f") for name in order} == alone
    assert {name: found.home for name, found in alone.items()} == {
        "a": "b:f",
        "b": "a:f",
        "c": "b:f",
    }
    assert {found.status for found in alone.values()} == {"cyclic"}
