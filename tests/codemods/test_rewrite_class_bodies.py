"""A moved module that is bound in the body of a class is an attribute of that class, too."""

import pytest

LIB = {
    "lib/__init__.py": "",
    "lib/home.py": 'def f(): return "f"\nLIMIT = 3\n',
    "lib/old.py": '"""Deprecated: moved to lib.home."""\nfrom lib.home import f, LIMIT as OLD_LIMIT\n',
}
CLASS = "class A:\n    import lib.old as o\n    x = o.OLD_LIMIT\n"

TAKEN = {
    "from an instance": "    def m(self): return self.o.OLD_LIMIT\ndef probe(): return A().m()\n",
    "from the class": "def probe(): return A.o.OLD_LIMIT\n",
    "by a string": "def probe(): return getattr(A, 'o').OLD_LIMIT\n",
}


@pytest.mark.parametrize("rest", TAKEN.values(), ids=TAKEN)
def test_a_module_that_is_taken_from_the_class_keeps_its_names(apply, rest):
    assert apply({**LIB, "user.py": CLASS + rest}).changed == {}


def test_a_module_that_another_file_takes_from_the_class_keeps_its_names(apply):
    other = "import user\n\ndef probe(): return user.A.o.OLD_LIMIT\n"
    assert apply({**LIB, "user.py": CLASS, "other.py": other}).changed == {}


def test_a_module_that_only_the_class_body_uses_moves(apply):
    applied = apply({**LIB, "user.py": CLASS + "def probe(): return A.x\n"})
    after = "class A:\n    import lib.home as o\n    x = o.LIMIT\ndef probe(): return A.x\n"
    assert applied.changed == {"user.py": after}


def test_a_home_with_all_of_the_names_takes_the_place_of_the_module(apply):
    lib = {**LIB, "lib/old.py": '"""Deprecated."""\nfrom lib.home import f, LIMIT\n'}
    user = "class A:\n    import lib.old as o\n    x = o.f\ndef probe(): return A.o.LIMIT\n"
    applied = apply({**lib, "user.py": user})
    assert applied.changed == {"user.py": user.replace("lib.old", "lib.home")}


def test_an_attribute_may_go_by_the_name_of_the_module_that_it_is_made_with(apply):
    user = (
        "import lib.old as old\n\nclass A:\n    old = old.OLD_LIMIT\n\ndef probe(): return A.old\n"
    )
    applied = apply({**LIB, "user.py": user})
    assert applied["user.py"] == user.replace("import lib.old", "import lib.home").replace(
        "old.OLD_LIMIT", "old.LIMIT"
    )
