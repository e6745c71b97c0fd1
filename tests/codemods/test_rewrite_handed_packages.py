"""``import lib.old`` binds ``lib``: whoever is given that may take the moved module from it."""

import pytest

LIB = {
    "lib/__init__.py": "",
    "lib/home.py": 'def f(): return "f"\n',
    "lib/old.py": '"""Deprecated: moved to lib.home."""\nfrom lib.home import f\n',
}

HANDED = {
    "another name": "import lib.old\n\ndef probe():\n    p = lib\n    return p.old.f(), lib.old.f()\n",
    "an attribute": (
        "import lib.old\nclass A:\n    def __init__(self): self.lib = lib\n"
        "    def m(self): return self.lib.old.f(), lib.old.f()\ndef probe(): return A().m()\n"
    ),
}
KEPT = {
    "the package is only shown": "import lib.old\n\ndef probe(): return lib.__name__, bool(lib), lib.old.f()\n",
    "an attribute of that name of something else": (
        "import lib.old\nclass A: old = 1\n\ndef probe(): return A.old, lib.old.f()\n"
    ),
}


@pytest.mark.parametrize("user", HANDED.values(), ids=HANDED)
def test_a_module_that_is_taken_from_a_handed_package_stays(apply, user):
    assert apply({**LIB, "user.py": user}).changed == {}


@pytest.mark.parametrize("user", KEPT.values(), ids=KEPT)
def test_a_module_that_is_only_taken_by_its_own_name_moves(apply, user):
    applied = apply({**LIB, "user.py": user})
    assert applied.changed == {"user.py": user.replace("lib.old", "lib.home")}
