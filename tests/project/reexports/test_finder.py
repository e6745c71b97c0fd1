"""What a re-export module is called, and on what evidence."""

import pytest

from trackfix.project.modules.resolution import Resolver
from trackfix.project.reexports.finder import find_reexport_modules, find_shims
from trackfix.project.test_paths import is_test_path

# What somebody imports from a module shows that it hands names on.
USER = {"user.py": "from old import *\nimport api\nimport pkg.api\nimport old_2\n"}
HOME = {
    "home.py": "def a(): pass\ndef b(): pass\nclass New: pass\n",
    "other.py": "def c(): pass\n",
    "tables.py": "ALL = []\ndef make(x): return x\n",
}


@pytest.fixture
def entries(tree):
    def run(files):
        project = tree({**HOME, **USER, **files})
        return {entry.module: entry for entry in find_reexport_modules(project, Resolver(project))}

    return run


CLASSES = {
    "an import": ("from home import a\n", "shim"),
    "a relative docstring says it": ('"""Deprecated: use home."""\nfrom home import a\n', "shim"),
    "names of two homes, deprecated": (
        '"""Moved to home."""\nfrom home import a\nfrom other import c\n',
        "shim",
    ),
    "a star": ("from home import *\n", "shim"),
    "a lazy __getattr__": (
        "def __getattr__(name):\n    if name == 'a':\n        from home import a\n        return a\n    raise AttributeError\n",
        "shim",
    ),
    "a definition too": (
        "from home import a\ndef own(): return a()\n__all__ = ['a', 'own']\n",
        "mixed",
    ),
    "an effect too": ("from home import a\nprint(a)\n__all__ = ['a']\n", "mixed"),
    "an entry elsewhere too": (
        "from tables import ALL\nfrom home import a\n_kept = ALL.append(1)\n__all__ = ['a']\n",
        "mixed",
    ),
    "a private value too": (
        "from tables import make\nfrom home import a\n_made = make(1)\n__all__ = ['a']\n",
        "shim",
    ),
    "a wrapping class": (
        "# Deprecated.\nfrom home import New\nclass Old(New):\n    pass\n__all__ = ['Old']\n",
        "wrapper",
    ),
    "a wrapping function": (
        "import warnings\nimport home\ndef a(*x, **k):\n    warnings.warn('x', DeprecationWarning)\n    return home.a(*x, **k)\n",
        "wrapper",
    ),
    "a part that runs as a script": (
        "from home import a\nif __name__ == '__main__':\n    print()\n",
        "wrapper",
    ),
    "a part that runs as a script, deprecated": (
        "# Deprecated.\nfrom home import a\nif __name__ == '__main__':\n    a()\n__all__ = ['a']\n",
        "shim",
    ),
    "a script that uses what it imports, deprecated": (
        "# Deprecated.\nfrom home import a\nif __name__ == '__main__':\n    a()\n",
        None,
    ),
    "a part that does not run as a script, deprecated": (
        "# Deprecated.\nfrom home import a\nif a:\n    a()\n__all__ = ['a']\n",
        "mixed",
    ),
    "names that it uses itself": ("from home import a\ndef own(): return a()\n", None),
    "nothing": ("", None),
    "only definitions": ("def own(): pass\n", None),
    "only the standard library": ("import os\nfrom json import dumps\n", None),
    "a docstring only": ('"""Deprecated."""\n', None),
    "names for type checkers only": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from home import a\n",
        None,
    ),
}


@pytest.mark.parametrize("source, expected", CLASSES.values(), ids=CLASSES)
def test_a_module_is_classed_by_what_it_does(entries, source, expected):
    found = entries({"old.py": source}).get("old")
    assert (found.class_ if found else None) == expected


TAKER = {"taker.py": "from jobs import a\n\na()\n"}


@pytest.mark.parametrize("example", [">>> from jobs import a", ">>> import jobs\n    >>> jobs.a()"])
def test_a_module_that_examples_of_its_home_import_from_is_a_facade(entries, example):
    home = {"home.py": f'def a():\n    """Do it.\n\n    {example}\n    """\n'}
    assert entries({**TAKER, **home, "jobs.py": "from home import a\n"})["jobs"].class_ == "facade"
    said = entries({**TAKER, **home, "jobs.py": "# Deprecated.\nfrom home import a\n"})
    assert said["jobs"].class_ == "shim"


@pytest.mark.parametrize(
    "example", [">>> from jobs.more import a", ">>> from home import a", "from jobs import a"]
)
def test_other_words_of_its_home_make_it_none(entries, example):
    home = {"home.py": f'def a():\n    """Do it.\n\n    {example}\n    """\n'}
    assert entries({**TAKER, **home, "jobs.py": "from home import a\n"})["jobs"].class_ == "shim"


@pytest.mark.parametrize(
    ("folder", "class_"),
    [("third_party", "facade"), ("pkg/_vendor", "facade"), ("parties", "shim")],
)
def test_what_hands_on_a_copy_of_others_code_is_a_facade(entries, folder, class_):
    files = {
        f"{folder}/lib.py": "def x(): pass\n",
        "pkg/__init__.py": "",
        f"{folder}/__init__.py": "",
    }
    source = f"from {folder.replace('/', '.')}.lib import x\n"
    assert entries({**files, "old.py": source})["old"].class_ == class_


@pytest.mark.parametrize("folder", ["third_party", "pkg/_vendor"])
def test_a_copy_of_others_code_hands_on_what_it_likes(entries, folder):
    files = {f"{folder}/__init__.py": "", "pkg/__init__.py": "", "pkg/home.py": "a = 1\n"}
    name = f"{folder}/old".replace("/", ".")
    files[f"{folder}/old.py"] = '"""Deprecated."""\nfrom pkg.home import a\n'
    assert name not in entries(files)
    listed = {**files, "pyproject.toml": f'[tool.trackfix]\nshims = ["{name}"]\n'}
    assert entries(listed)[name].class_ == "shim"


BOTH = "from home import a\nfrom other import c\n"


@pytest.mark.parametrize("said", [
    "For backward compatibility.",
    "Backwards-compatible imports.",
    "A backward compatible alias of home.",
    "Names that old code needs, backward compat only.",
    "Deprecation: use home.",
    "Deprecated helpers.",
])  # fmt: skip
def test_words_about_old_code_tell_of_a_shim(entries, said):
    found = entries({"api.py": f'"""{said}"""\n{BOTH}'})["api"]
    assert (found.class_, found.evidence[0][:7]) == ("shim", "line 1:")


@pytest.mark.parametrize("said", [
    "All v1 versions are backward compatible with 1.0.",
    "This format is backwards-compatible.",
    "Schemas that must be backward compatible.",
    "Versions, backward compatible with v2.",
    "Fully backwards compatible interface of the two.",
    "Deprecation utilities and decorators.",
    "Helpers: deprecation-handling of others.",
])  # fmt: skip
def test_words_about_what_is_compatible_itself_tell_of_none(entries, said):
    assert entries({"api.py": f'"""{said}"""\n{BOTH}'})["api"].class_ == "facade"


@pytest.mark.parametrize("said", [
    "Moved.",
    "Moved. Kept until 0.4.",
    "Moved: see home and other.",
    "Moved, see home.",
    "Moved in 2.1, see home.",
    "Moved – use home.",
    "Moved into home.",
    "All moved (see home).",
])  # fmt: skip
def test_a_docstring_or_comment_that_starts_with_the_move_tells_of_a_shim(entries, said):
    assert entries({"api.py": f'"""{said}"""\n{BOTH}'})["api"].class_ == "shim"
    assert entries({"api.py": f"# {said}\n{BOTH}"})["api"].class_ == "shim"


@pytest.mark.parametrize("said", [
    "Moved here from home.",
    "Moved out of home.",
    "Moved in from home.",
    "Moved-window averages.",
    "Moved files and where they are.",
    "What has moved: see home.",
])  # fmt: skip
def test_what_came_here_or_moves_elsewhere_tells_of_none(entries, said):
    assert entries({"api.py": f'"""{said}"""\n{BOTH}'})["api"].class_ == "facade"


SECTION = '"""{title}\n\nActions\n-------\n- A\n\nSchemas\n-------\n- B\n\n{said}\n"""\n'


@pytest.mark.parametrize("said", [
    "Import of these objects from pkg.api is deprecated and will\nbe removed. Use home instead.",
    "The following names moved to home.",
    "This alias is kept for old pickles.",
])  # fmt: skip
def test_a_docstring_that_calls_the_names_of_a_section_old_tells_of_no_shim(entries, said):
    found = entries({"api.py": SECTION.format(title="API of pkg.", said=said) + BOTH})["api"]
    assert (found.class_, found.deprecated) == ("facade", False)


@pytest.mark.parametrize("source", [
    SECTION.format(title="API of pkg.", said="These are good. This module is deprecated."),
    SECTION.format(title="API of pkg.", said="Deprecated: use home."),
    SECTION.format(title="These functions are deprecated.", said="This alias moved to home."),
    '"""API of pkg.\n\nNotes\n-----\nThese functions are deprecated.\n"""\n',
    '"""API of pkg.\n\nThe following names moved to home.\n"""\n',
])  # fmt: skip
def test_a_docstring_with_sections_that_calls_the_module_old_tells_of_a_shim(entries, source):
    found = entries({"api.py": source + BOTH})["api"]
    assert (found.class_, found.deprecated) == ("shim", True)


SHOWN = "    from pkg import api\n\n"


@pytest.mark.parametrize("said", [
    "Parts:\n\n- `A`\n- `B` (deprecated, C will take its place)\n- `C`",
    "* `A`, the\n  first; now deprecated",
    "* `A` is new. This module came first.\n  Names in it are deprecated",
    "Backwards compatibility between major versions is not guaranteed.",
    "For backward-compatible sync code, continue using::\n\n    from pkg import Client",
    f"Use it so::\n\n{SHOWN}The Async* aliases are kept for backward compatibility.",
    f"Use it so::\n\n{SHOWN}These names moved to home.",
])  # fmt: skip
def test_a_docstring_that_calls_a_part_of_the_module_old_tells_of_no_shim(entries, said):
    found = entries({"pkg/api.py": f'"""Access.\n\n{said}\n"""\n{BOTH}', "pkg/__init__.py": ""})
    assert (found["pkg.api"].class_, found["pkg.api"].deprecated) == ("facade", False)


@pytest.mark.parametrize("said", [
    "- This module is deprecated.",
    "- `A`\n- `B`\n\nDeprecated: use home.",
    "For backward compatibility. Order is not guaranteed.",
    "For backward-compatible imports; use home.",
    "The old aliases are kept for backward compatibility.",
    f"Use it so::\n\n{SHOWN}Kept for backward compatibility.",
    "These names moved to home::\n\n    from pkg import home",
])  # fmt: skip
def test_a_docstring_that_calls_all_of_the_module_old_tells_of_a_shim(entries, said):
    found = entries({"pkg/api.py": f'"""Access.\n\n{said}\n"""\n{BOTH}', "pkg/__init__.py": ""})
    assert (found["pkg.api"].class_, found["pkg.api"].deprecated) == ("shim", True)


def test_a_package_of_own_submodules_is_a_facade(entries):
    found = entries(
        {"pkg/__init__.py": "from pkg.impl import x\n__all__ = ['x']\n", "pkg/impl.py": "x = 1\n"}
    )
    assert found["pkg"].class_ == "facade"


def test_a_package_of_private_submodules_is_a_facade(entries):
    found = entries(
        {"pkg/__init__.py": "from pkg._impl import x\n", "pkg/_impl.py": "def x(): pass\n"}
    )
    assert found["pkg"].class_ == "facade"


def test_a_module_before_a_private_one_is_a_facade(entries):
    found = entries(
        {
            "pkg/__init__.py": "",
            "pkg/api.py": "from pkg._impl import x\n",
            "pkg/_impl.py": "def x(): pass\n",
        }
    )
    assert found["pkg.api"].class_ == "facade"


@pytest.mark.parametrize("folder", ["internal", "internals", "internal/flows"])
def test_a_module_before_an_internal_one_is_a_facade(entries, folder):
    inside = folder.replace("/", ".")
    found = entries(
        {
            "pkg/__init__.py": "",
            "pkg/names.py": f"from pkg.{inside}.login import x\n__all__ = ['x']\n",
            f"pkg/{folder}/login.py": "def x(): pass\n",
        }
    )
    assert found["pkg.names"].class_ == "facade"


@pytest.mark.parametrize(
    ("name", "home", "docstring"),
    [
        ("names", "internal.login", '"""Deprecated."""\n'),  # says that it is old
        ("internal.names", "internal.login", ""),  # both of them are internal
        ("names", "internal_flows.login", ""),  # a word that only begins so
    ],
)
def test_a_module_that_no_agreement_hides_is_a_shim(entries, name, home, docstring):
    found = entries(
        {
            "pkg/__init__.py": "",
            "pkg/names.py": "",
            f"pkg/{name.replace('.', '/')}.py": f"{docstring}from pkg.{home} import x\n"
            "__all__ = ['x']\n",
            f"pkg/{home.replace('.', '/')}.py": "def x(): pass\n",
            "app.py": f"from pkg.{name} import x\n\nx()\n",
        }
    )
    assert found[f"pkg.{name}"].class_ == "shim"


def test_a_package_of_names_from_elsewhere_is_a_shim(entries):
    assert (
        entries({"pkg/__init__.py": "from home import a\n__all__ = ['a']\n"})["pkg"].class_
        == "shim"
    )


CHOOSES = "import sys\nif sys.version_info >= (3, 9):\n    from home import a\nelse:\n    from other import c as a\n"


@pytest.mark.parametrize(
    ("source", "class_"),
    [
        (CHOOSES, "facade"),
        (f"{CHOOSES}from home import b\n", "facade"),
        (f'"""Deprecated."""\n{CHOOSES}', "shim"),
        ("import sys\nif sys.version_info >= (3, 9):\n    from home import a\n", "shim"),
        (
            "try:\n    from home import a\nexcept ImportError:\n    from other import c as a\n",
            "shim",
        ),
    ],
)
def test_a_module_that_chooses_by_a_condition_is_a_facade_unless_it_is_deprecated(
    entries, source, class_
):
    files = {"old.py": source, "user.py": "from old import a\n"}
    assert entries(files)["old"].class_ == class_


BRIDGE = '"""Compatibility shim for httpx2."""\ntry:\n    import httpx2\nexcept ImportError:\n    '
SHOWN = '__all__ = ["httpx2"]\n'


@pytest.mark.parametrize(
    ("source", "class_"),
    [
        (f"{BRIDGE}import httpx as httpx2\n{SHOWN}", "facade"),
        (f"{BRIDGE}import httpx as httpx2\n{SHOWN}from yaml import nodes as httpx\n", "shim"),
        (
            f"{BRIDGE}import httpx as httpx2\n{SHOWN}from typing import Literal as Literal\n",
            "facade",
        ),
        (f"{BRIDGE}from home import a as httpx2\n{SHOWN}", "facade"),
        ('"""Compatibility shim."""\nfrom yaml import nodes as httpx2\n', "shim"),
    ],
)
def test_what_bridges_releases_of_libraries_is_no_shim_though_its_docstring_says_compatibility(
    entries, source, class_
):
    files = {"_compat.py": source, "user.py": "from _compat import httpx2\n"}
    assert entries(files)["_compat"].class_ == class_


def test_a_shim_for_what_another_module_has_chosen_is_one(entries):
    chooses = "try:\n    from fast_ext import f\nexcept ImportError:\n    from slow import f\n"
    old = '"""Deprecated: use hashing."""\nfrom hashing import f\n'
    files = {"hashing.py": chooses, "slow.py": "def f(): pass\n", "old.py": old}
    found = entries({**files, "user.py": "from old import f\n"})
    assert found["old"].class_ == "shim"
    assert "hashing" not in found or found["hashing"].class_ == "facade"


WARNS_BY_NAME = (
    "import warnings\nremoved_in = '2.0'\nmessage = f'{__name__} goes in {removed_in}'\n"
    "warnings.warn(message, DeprecationWarning, stacklevel=2)\nfrom home import a\n"
)


@pytest.mark.parametrize("end", ["", "__all__ = ['a']\n", "a = a\n", "__all__ = ['a']\na = a\n"])
def test_a_shim_may_keep_the_text_of_its_warning_in_a_variable(entries, end):
    found = entries({"old.py": WARNS_BY_NAME + end})["old"]
    assert (found.class_, found.deprecated, list(found.names)) == ("shim", True, ["a"])


@pytest.mark.parametrize("user, class_", [("", "shim"), ("from old import moved\n", "mixed")])
def test_a_lazy_shim_may_keep_its_table_in_a_public_variable_that_nobody_takes(
    entries, user, class_
):
    source = (
        "import importlib\nimport warnings\nmoved = {'a': 'home'}\n\n\n"
        "def __getattr__(name):\n    if name in moved:\n"
        "        warnings.warn(name, DeprecationWarning)\n"
        "        return getattr(importlib.import_module(moved[name]), name)\n"
        "    raise AttributeError(name)\n"
    )
    files = {"old.py": source, "user.py": f"from old import a\n{user}"}
    assert entries(files)["old"].class_ == class_


@pytest.mark.parametrize("table", ["DEFAULTS = {'timeout': 30}", "_DEFAULTS = {'mode': 'fast'}"])
def test_a_module_whose_getattr_gives_values_of_its_own_is_more_than_a_shim(entries, table):
    name = table.partition(" ")[0]
    source = (
        f"from home import a\n{table}\n\n\ndef __getattr__(name):\n"
        f"    if name in {name}:\n        return {name}[name]\n    raise AttributeError(name)\n"
    )
    assert entries({"old.py": source, "user.py": "from old import a\n"})["old"].class_ == "mixed"


def test_a_module_whose_getattr_gives_what_its_helpers_make_is_more_than_a_shim(tree):
    source = (
        "from home import a\n\n\ndef _read(name):\n    return {'MAX': 3}[name]\n\n\n"
        "def __getattr__(name):\n    return _read(name)\n"
    )
    project = tree({**HOME, "old.py": source, "user.py": "from old import a\n"})
    assert find_shims(project, Resolver(project)) == []


@pytest.mark.parametrize("end, user", [
    ("__all__ = ['a', 'message']\n", ""), ("", "from old import message\n"), ("def f(): return message\n", ""),
])  # fmt: skip
def test_a_variable_that_others_may_read_too_makes_a_module_more_than_a_shim(entries, end, user):
    found = entries({"old.py": WARNS_BY_NAME + end, "user.py": f"from old import a\n{user}"})
    assert "old" not in found or found["old"].class_ == "mixed"


def test_a_module_that_gathers_siblings_is_a_facade_unless_it_is_deprecated(entries):
    source = "from home import a\nfrom other import c\n"
    assert entries({"api.py": source})["api"].class_ == "facade"
    assert (
        entries({"api.py": '"""Kept for backward compatibility."""\n' + source})["api"].class_
        == "shim"
    )


def test_a_module_that_gathers_siblings_is_a_facade_if_only_some_of_them_are_kept_for_old_code(
    entries,
):
    source = "from home import a\n\n# For backward compatibility\nfrom other import c\n"
    assert entries({"api.py": source})["api"].class_ == "facade"


@pytest.mark.parametrize("refused, class_", [
    ("raise AttributeError(name)", "facade"), ("return getattr(yaml, name)", "shim"),
])  # fmt: skip
def test_a_module_that_hands_on_another_library_is_no_shim_for_an_old_name_of_it(
    entries, refused, class_
):
    source = (
        "import warnings\nimport yaml\nfrom yaml import safe_load\n\n\n"
        "def __getattr__(name):\n"
        "    if name == 'load':\n"
        "        warnings.warn('load is unsafe', DeprecationWarning, stacklevel=2)\n"
        f"        return yaml.load\n    {refused}\n"
    )
    files = {"compat.py": source, "reader.py": "from compat import safe_load\n"}
    assert entries(files)["compat"].class_ == class_


@pytest.mark.parametrize("comment, class_", [
    ("# For backwards compatibility.\n", "facade"), ("# This module is deprecated.\n", "shim"),
])  # fmt: skip
def test_a_module_that_hands_on_another_library_is_no_shim_for_another_name_of_it(
    entries, comment, class_
):
    source = f"from yaml import safe_load\n\n{comment}load = safe_load\n__all__ = ['load', 'safe_load']\n"
    files = {"compat.py": source, "reader.py": "from compat import safe_load\n"}
    assert entries(files)["compat"].class_ == class_


@pytest.mark.parametrize("shown, class_", [
    ("from . import way", "facade"), ("from pkg import way", "facade"), ("from . import way as way", "facade"),
    ("from .way import a", "shim"), ("", "shim"),
])  # fmt: skip
def test_a_module_that_its_package_shows_is_public(entries, shown, class_):
    files = {
        "pkg/__init__.py": shown,
        "pkg/way.py": "from home import a\n",
        "user.py": "from pkg.way import a\n",
    }
    assert entries(files)["pkg.way"].class_ == class_


ALIAS = "import sys\nfrom {0} import home\nsys.modules[__name__] = home\n"


@pytest.mark.parametrize(("package", "class_"), [("lib", "shim"), ("pkg", "facade")])
def test_another_name_of_a_module_that_its_package_shows_is_a_shim_if_that_is_elsewhere(
    entries, package, class_
):
    found = entries(
        {
            "lib/__init__.py": "",
            "lib/home.py": "def f(): pass\n",
            "pkg/__init__.py": "from . import old\n",
            "pkg/home.py": "def f(): pass\n",
            "pkg/old.py": ALIAS.format(package),
            "user.py": "from pkg.old import f\n",
        }
    )
    assert found["pkg.old"].class_ == class_


def test_a_deprecated_module_that_its_package_shows_is_a_shim(entries):
    files = {
        "pkg/__init__.py": "from . import api",
        "pkg/api.py": "# Deprecated.\nfrom home import a\n",
    }
    assert entries(files)["pkg.api"].class_ == "shim"


def test_the_names_lead_to_their_definitions_through_a_chain(entries):
    found = entries(
        {"old.py": "from older import a as x, b\n", "older.py": "from home import a, b\n"}
    )
    assert {name: item.home for name, item in found["old"].names.items()} == {
        "x": "home:a",
        "b": "home:b",
    }
    assert found["old"].homes == ("home",)


LONG = " ".join(f"word{number}" for number in range(20))
START = "Deprecated: use home. word0 word1 word2 word3 word4 word5 word6 word7 word8 …"
END = "… word12 word13 word14 word15 word16 word17 word18 word19 deprecated: use home."
MIDDLE = "… word17 word18 word19 deprecated: word0 word1 word2 word3 word4 word5 word6 …"


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("Deprecated: use home.", "Deprecated: use home."),
        (f"Deprecated: use home. {LONG}", START),
        (f"{LONG} deprecated: use home.", END),
        (f"{LONG} deprecated: {LONG}", MIDDLE),
    ],
)
def test_of_a_long_line_the_words_around_are_quoted(entries, said, quoted):
    told = entries({"old.py": f'"""{said}"""\nfrom home import a\n'})["old"].evidence[0]
    assert told == f"line 1: docstring says '{quoted}'"


def test_evidence_names_the_lines(entries):
    found = entries(
        {
            "old.py": '"""Old.\n\nKept for backward compatibility.\n"""\nimport warnings\n'
            'warnings.warn("x", DeprecationWarning, stacklevel=2)\nfrom home import a\n'
        }
    )["old"]
    assert found.deprecated
    assert found.evidence[0].startswith("line 1: docstring says")
    assert "line 6: emits DeprecationWarning" in found.evidence


def test_an_entry_of_sys_modules_is_a_module_without_a_file(entries):
    found = entries({"setup_old.py": "import sys\nimport home\nsys.modules['old'] = home\n"})["old"]
    assert (found.class_, found.virtual, found.path, found.line) == (
        "shim",
        True,
        "setup_old.py",
        3,
    )
    assert set(found.names) >= {"a", "b", "New"}


PUT_BACK = {
    "itself": "import ctypes\nsys.modules['ctypes'] = ctypes\n",
    "by a short name": "import yaml.nodes as n\nsys.modules['yaml.nodes'] = n\n",
    "below a package": "import os.path\nsys.modules['os.path'] = os.path\n",
}


@pytest.mark.parametrize("source", PUT_BACK.values(), ids=PUT_BACK)
def test_an_entry_of_sys_modules_that_puts_a_module_back_is_no_shim(entries, source):
    files = {"conf.py": f"import sys\n{source}"}
    assert not entries(files).keys() & {"ctypes", "yaml.nodes", "os.path"}


REPLACED = {
    "another": "import home\nsys.modules['ctypes'] = home\n",
    "another by its name": "import home as ctypes\nsys.modules['ctypes'] = ctypes\n",
    "one of two": "import ctypes\nif old:\n    import home as ctypes\nsys.modules['ctypes'] = ctypes\n",
    "its package": "import yaml\nsys.modules['yaml.nodes'] = yaml\n",
    "a part": "import yaml\nsys.modules['yaml'] = yaml.nodes\n",
}


@pytest.mark.parametrize("source", REPLACED.values(), ids=REPLACED)
def test_an_entry_of_sys_modules_that_replaces_a_module_is_a_shim(entries, source):
    found = entries({"setup_old.py": f"import sys\n{source}"})
    assert found.keys() & {"ctypes", "yaml.nodes", "yaml"}


@pytest.mark.parametrize("other, class_", [("other", "facade"), ("home", "shim")])
def test_an_entry_of_sys_modules_that_a_condition_chooses_is_no_shim(entries, other, class_):
    choice = f"if fast:\n    import {other} as path\nelse:\n    import home as path\n"
    source = f"import sys\n{choice}sys.modules['pkg.path'] = path\n"
    assert entries({"setup_old.py": source})["pkg.path"].class_ == class_


def test_an_entry_of_sys_modules_that_is_an_object_of_its_own_is_no_shim(entries):
    source = "import sys\nclass C: pass\nsettings = C()\nsys.modules['pkg.settings'] = settings\n"
    found = entries({"setup_old.py": source})["pkg.settings"]
    why = "pkg.settings is settings, which setup_old.py makes"
    assert (found.class_, found.evidence[0]) == ("facade", why)


@pytest.mark.parametrize("source", ["from yaml import n\n", "import yaml.a\nn = yaml.a\n"])
def test_an_entry_of_sys_modules_for_what_lies_outside_is_a_shim(entries, source):
    found = entries({"setup_old.py": f"import sys\n{source}sys.modules['pkg.old'] = n\n"})
    assert found["pkg.old"].class_ == "shim"


def test_an_entry_of_sys_modules_that_a_test_makes_is_no_module(entries):
    double = "import sys\nimport home\nsys.modules['old'] = home\n"
    assert "old" not in entries({"tests/conftest.py": double})


def test_settings_have_the_last_word(entries):
    settings = "[tool.trackfix]\nkeep = ['old*']\nshims = ['api']\n"
    found = entries(
        {
            "pyproject.toml": settings,
            "old.py": "from home import a\n",
            "old_2.py": "from home import a\n",
            "api.py": "from home import a\nfrom other import c\n",
        }
    )
    assert [found[name].class_ for name in ("old", "old_2", "api")] == ["facade", "facade", "shim"]


@pytest.mark.parametrize(
    "path",
    [
        "conftest.py",
        "test_old.py",
        "old_test.py",
        "__main__.py",
        "setup.py",
        "wsgi.py",
        "asgi.py",
        "old.pyi",
    ],
)
def test_files_that_are_run_by_name_are_no_shims(entries, path):
    assert path not in {entry.path for entry in entries({path: "from home import a\n"}).values()}


@pytest.mark.parametrize(
    "path, expected",
    [
        ("test_a.py", True),
        ("a_test.py", True),
        ("tests/a.py", True),
        ("pkg/test/x/a.py", True),
        ("conftest.py", True),
        ("a.py", False),
        ("contest.py", False),
        ("pkg/testing_tools.py", False),
        ("latest/a.py", False),
    ],
)
def test_tests_are_known_by_their_path(path, expected):
    assert is_test_path(path) is expected


def test_the_evidence_of_a_module_that_hands_on_whatever_it_is_asked_for_names_the_other(entries):
    source = '"""Deprecated."""\nfrom lib import rest\n\n\ndef __getattr__(name):\n    return getattr(rest, name)\n'
    files = {"lib/__init__.py": "", "old.py": source, "user.py": "from old import f\n"}
    found = entries({**files, "lib/rest.py": ""})
    assert found["old"].evidence[-1] == "hands on whatever lib.rest has"
    found = entries({**files, "lib/rest.py": "def f(): pass\n"})
    assert found["old"].evidence[-1] == "its name comes from lib.rest"


RUNS = {
    "lib/__init__.py": "",
    "lib/core/__init__.py": "",
    "lib/core/clients.py": "def connect(): ...\n",
    "lib/core/runs.py": "from __future__ import annotations\nfrom .clients import connect\ndef find(): return connect()\n",
}
AS_A_WHOLE = {
    "a star": "from lib.core.runs import *\n",
    "an entry of sys.modules": "import sys\nfrom lib.core import runs\nsys.modules[__name__] = runs\n",
}


@pytest.mark.parametrize("old", AS_A_WHOLE.values(), ids=AS_A_WHOLE)
def test_what_a_module_imports_for_its_own_use_is_not_handed_on_with_it(entries, old):
    found = entries({**RUNS, "lib/old.py": old, "app.py": "from lib.old import find\n"})["lib.old"]
    assert (found.class_, [*found.names]) == ("shim", ["find"])
    assert found.evidence == ("its name comes from lib.core.runs",)


def test_an_entry_that_another_file_makes_hands_on_what_its_module_defines(entries):
    aliases = "import sys\nfrom lib.core import runs\nsys.modules['lib.gone'] = runs\n"
    found = entries({**RUNS, "lib/aliases.py": aliases, "app.py": "import lib.gone\n"})["lib.gone"]
    assert (found.virtual, [*found.names]) == (True, ["find"])


def test_what_others_take_through_a_star_is_handed_on(entries):
    app = "from lib.old import connect, find\n"
    old = AS_A_WHOLE["a star"]
    found = entries({**RUNS, "lib/old.py": old, "app.py": app})["lib.old"]
    assert [*found.names] == ["connect", "find"]


def test_what_a_module_only_imports_is_handed_on_by_a_star(entries):
    runs = "from .clients import connect\ndef find(): ...\n"
    files = {**RUNS, "lib/core/runs.py": runs, "lib/old.py": AS_A_WHOLE["a star"]}
    found = entries({**files, "app.py": "from lib.old import find\n"})["lib.old"]
    assert [*found.names] == ["connect", "find"]
