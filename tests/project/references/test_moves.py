"""Where a reference to a moved module belongs."""

import pytest

from trackfix.project.references.moves import find_moves

FILES = {
    "pkg/__init__.py": "",
    "pkg/home.py": "def a(): pass\ndef b(): pass\n",
    "pkg/other.py": "def c(): pass\n",
    "pkg/old.py": '"""Deprecated."""\nfrom pkg.home import a, b as bee\nfrom pkg.other import c\n',
    "pkg/one.py": '"""Deprecated."""\nfrom pkg.home import a, b\n',
    "app.py": "from pkg.old import a\n\nx = a\n",
}


def moves_of(project):
    return find_moves(project)[0]


@pytest.fixture
def moves(tree):
    return lambda **files: moves_of(tree({**FILES, **files}))


def test_only_shims_are_moved(moves):
    found = moves()
    assert bool(found)
    assert found.find("pkg.old").key == "pkg/old.py"
    assert (
        found.find("pkg.home") is None
        and found.find("pkg") is None
        and found.find("nowhere") is None
    )


def test_nothing_is_moved_where_there_is_no_shim(tree):
    assert not moves_of(tree({"home.py": "x = 1\n"}))


@pytest.mark.parametrize(
    "name, module, target",
    [
        ("a", "pkg.home", "a"),
        ("bee", "pkg.home", "b"),
        ("c", "pkg.other", "c"),
    ],
)
def test_a_name_belongs_to_its_definition(moves, name, module, target):
    found = moves()
    where = found.target(found.find("pkg.old"), name, "app.py")
    assert (where.module, where.name, where.obstacle) == (module, target, "")


def test_a_name_that_is_not_there_has_an_obstacle(moves):
    found = moves()
    assert (
        found.target(found.find("pkg.old"), "nothing", "app.py").obstacle
        == "pkg.old has no name nothing"
    )


def test_a_module_has_one_home_when_all_names_agree(moves):
    found = moves()
    assert found.only_home(found.find("pkg.one"), "app.py").module == "pkg.home"
    assert found.only_home(found.find("pkg.old"), "app.py") is None


def test_all_roots_name_the_same_module(tree):
    found = moves_of(
        tree(
            {
                "src/pkg/__init__.py": "",
                "src/pkg/home.py": "def a(): pass\n",
                "src/pkg/old.py": '"""Deprecated."""\nfrom pkg.home import a\n',
                "one.py": "import src.pkg.old\n",
                "two.py": "import pkg.old\n",
            }
        )
    )
    assert (
        found.find("pkg.old", "two.py").key
        == found.find("src.pkg.old", "one.py").key
        == "src/pkg/old.py"
    )


@pytest.mark.parametrize("home", ["_impl", "internal.impl"])
def test_a_private_home_is_named_by_the_last_public_module_on_the_way(tree, home):
    found = moves_of(
        tree(
            {
                "lib/__init__.py": "",
                f"lib/{home.replace('.', '/')}.py": "def a(): pass\n",
                "lib/api.py": f"from lib.{home} import a\n",
                "old.py": '"""Deprecated."""\nfrom lib.api import a\n',
                "app.py": "from old import a\n\nx = a\n",
            }
        )
    )
    where = found.target(found.find("old"), "a", "app.py")
    assert (where.module, where.name) == ("lib.api", "a")


@pytest.mark.parametrize(
    "shim, api, home",
    [
        ("from lib import _impl\na = _impl.a", "", "lib._impl"),
        ("from lib import _impl as _i\nold = _i.a\na = old", "", "lib._impl"),
        ("from lib.api import impl\na = impl.a", "import lib.impl as impl\nsetup()", "lib.impl"),
        ("from lib.api import a", "from lib import _impl\na = _impl.a", "lib.api"),
    ],
)
def test_a_place_that_has_what_a_name_is_taken_from_is_none_of_the_name(tree, shim, api, home):
    found = moves_of(
        tree(
            {
                "lib/__init__.py": "",
                "lib/_impl.py": "def a(): pass\n",
                "lib/impl.py": "def a(): pass\n",
                "lib/api.py": api,
                "old.py": f'"""Deprecated."""\n{shim}\n',
                "app.py": "from old import a\n\nx = a\n",
            }
        )
    )
    where = found.target(found.find("old"), "a", "app.py")
    assert (where.module, where.name) == (home, "a")


RENAMES = {
    "pyproject.toml": '[tool.trackfix.renames]\n"pkg.home:a" = "pkg.other:z"\n"gone" = "here.now"\n'
}


def test_renames_are_moves(moves):
    found = moves(**RENAMES)
    module = found.find("gone")
    assert found.target(module, "anything", "app.py").module == "here.now"
    where = found.target(found.find("pkg.home"), "a", "app.py")
    assert (where.module, where.name) == ("pkg.other", "z")
    assert found.target(found.find("pkg.home"), "b", "app.py") is None
    assert found.find("gone.deeper") is None or found.find("gone.deeper").key != "gone"


def test_a_shim_leads_to_the_renamed_home(moves):
    found = moves(**RENAMES)
    where = found.target(found.find("pkg.old"), "a", "app.py")
    assert (where.module, where.name) == ("pkg.other", "z")


def test_a_guarded_name_is_unsafe(tree):
    found = moves_of(
        tree(
            {
                "home.py": "def a(): pass\n",
                "app.py": "x = 1\n",
                "old.py": '"""Deprecated."""\ntry:\n    from home import a\nexcept ImportError:\n    a = None\n',
            }
        )
    )
    where = found.target(found.find("old"), "a", "app.py")
    assert where.unsafe and where.obstacle and (where.module, where.name) == ("home", "a")


def test_a_shim_stays_one_in_the_edited_project(moves):
    found = moves()
    later = found.seen_from(found.project.overlaid({"app.py": b"x = 1\n"}))
    assert later.find("pkg.old").key == "pkg/old.py"
    later = found.seen_from(found.project.overlaid({"pkg/old.py": None}))
    assert later.find("pkg.old") is None
