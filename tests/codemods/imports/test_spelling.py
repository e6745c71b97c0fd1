"""How a module is written in an import of one file."""

import pytest

from trackfix_codemods.imports.spelling import Spelling


@pytest.mark.parametrize(
    "package, home, written",
    [
        ("pkg", "pkg.home", ".home"),
        ("pkg.sub", "pkg.home", "..home"),
        ("pkg", "pkg", "."),
        ("pkg.sub.deep", "pkg.sub.home", "..home"),
        ("pkg.sub", "pkg.other.home", "..other.home"),
        ("pkg", "other.home", "other.home"),
        ("", "home", "home"),
        ("pkg", "pkgs.home", "pkgs.home"),
        ("pkg.sub", "pkg", ".."),
    ],
)
def test_a_relative_import_stays_inside_one_top_level_package(package, home, written):
    assert Spelling(package).module(home, relative=True) == written
    assert Spelling(package).module(home, relative=False) == home


def test_a_module_is_imported_from_its_package_or_plainly():
    found = Spelling("pkg").module_import("pkg.home", "old", relative=True)
    assert found.name is not None
    assert (found.module, found.name.code, found.home) == (".", "home as old", "pkg")
    found = Spelling("pkg").module_import("base", "old")
    assert (found.module, found.name, found.asname) == ("base", None, "old")
    assert Spelling("pkg").module_import("base", "base").asname == ""
