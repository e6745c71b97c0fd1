import pytest

HOME = {"lib/__init__.py": "", "lib/home.py": "def f(): ...\ndef g(): ...\n"}
OLD = '"""Deprecated."""\nfrom lib.home import f\n'
APP = "from lib.old import f\n\nf()\n"


@pytest.fixture
def messages(check):
    """The messages by path."""

    def run(tree):
        return {finding.path: finding.message for finding in check("TRK102", tree)}

    return run


def test_a_shim_is_one_finding_at_its_first_line_without_a_fix(check):
    (finding,) = check("TRK102", {**HOME, "lib/old.py": OLD, "app.py": APP})
    assert (finding.path, finding.line, finding.column) == ("lib/old.py", 1, 1)
    assert (finding.end_line, finding.end_column) == (1, 18)
    assert finding.fix is None
    assert finding.confidence == 1


def test_the_message_tells_what_says_so_and_what_goes_through_it_to_where(messages):
    tree = {**HOME, "lib/old.py": OLD, "app.py": APP, "more.py": APP}
    assert messages(tree)["lib/old.py"] == (
        "lib.old is a shim: deprecated (line 1: docstring says 'Deprecated.'); "
        "2 references go through it to lib.home, in 2 files"
    )


def test_a_shim_that_only_its_form_tells_of_is_less_sure(check):
    tree = {**HOME, "lib/old.py": "from lib.home import f\n", "app.py": APP}
    (finding,) = check("TRK102", tree)
    assert finding.confidence < 1
    assert "its name comes from lib.home" in finding.message


def test_a_nested_shim_names_the_one_below_it(check):
    tree = {
        **HOME,
        "lib/older.py": OLD,
        "lib/old.py": '"""Deprecated."""\nfrom lib.older import f\n',
        "app.py": APP,
    }
    old, older = check("TRK102", tree)
    assert "nested (through lib.older)" in old.message
    assert "nested" not in older.message
    assert ("shim", "lib/older.py") in [(r.role, r.path) for r in old.related]


def test_shims_of_the_same_names_are_duplicates_of_each_other(messages):
    tree = {**HOME, "lib/old.py": OLD, "lib/twin.py": OLD, "app.py": APP, "b.py": "import lib.twin"}
    found = messages(tree)
    assert "a duplicate of lib.twin" in found["lib/old.py"]
    assert "a duplicate of lib.old" in found["lib/twin.py"]


def test_shims_of_one_name_in_several_services_are_strangers_to_each_other(check):
    service = {
        "app/__init__.py": "",
        "app/home.py": "def f(): ...\n",
        "app/older.py": '"""Deprecated."""\nfrom app.home import f\n',
        "app/old.py": '"""Deprecated."""\nfrom app.older import f\n',
        "app/main.py": "from app.old import f\n\nf()\n",
    }
    tree = {f"services/{s}/{path}": text for s in "ab" for path, text in service.items()}
    for found in check("TRK102", tree):
        service = found.path[: len("services/a/")]
        assert all(related.path.startswith(service) for related in found.related)


def test_shims_of_other_names_are_no_duplicates(messages):
    other = '"""Deprecated."""\nfrom lib.home import g\n'
    tree = {
        **HOME,
        "lib/old.py": OLD,
        "lib/twin.py": other,
        "app.py": APP,
        "b.py": "import lib.twin",
    }
    assert not any("duplicate" in message for message in messages(tree).values())


def test_a_lazy_shim_is_called_lazy(messages):
    lazy = """
        '''Deprecated.'''
        def __getattr__(name):
            if name == "f":
                from lib.home import f
                return f
            raise AttributeError(name)
    """
    assert ", lazy;" in messages({**HOME, "lib/old.py": lazy, "app.py": APP})["lib/old.py"]


def test_an_entry_of_sys_modules_is_found_where_it_is_made(check):
    tree = {
        **HOME,
        "setup_names.py": "import sys\n\nimport lib.home\n\nsys.modules['lib.old'] = lib.home\n",
        "app.py": APP,
    }
    (finding,) = check("TRK102", tree)
    assert (finding.path, finding.line) == ("setup_names.py", 5)
    assert "an entry of sys.modules" in finding.message


def test_what_looks_like_a_shim_but_has_no_references_may_be_public(messages):
    assert messages({**HOME, "lib/old.py": "from lib.home import f\n__all__ = ['f']\n"}) == {}


@pytest.mark.parametrize(
    "files",
    [
        {"lib/old.py": OLD},  # dead, so that TRK103 reports it
        {"lib/old.py": "from lib.home import f\n\n\ndef own(): return f()\n", "app.py": APP},
        {"lib/__init__.py": "from .home import f\n", "app.py": "from lib import f\n"},
        {"app.py": "from lib.home import f\n"},
        {
            "lib/old.py": OLD,
            "app.py": APP,
            "pyproject.toml": '[tool.trackfix]\nkeep = ["lib.old"]\n',
        },
    ],
)
def test_what_is_no_living_shim_is_no_finding(check, files):
    assert check("TRK102", {**HOME, **files}) == []


@pytest.mark.parametrize("name", ["others.old", "lib.old"])
def test_an_entry_of_sys_modules_without_references_is_told_by_no_layer(check, name):
    source = f"import sys\n\nimport lib.home\n\nsys.modules['{name}'] = lib.home\n"
    assert check("TRK102", {**HOME, "setup_names.py": source}) == []


BY_NAME = "import importlib\n\ndef load(name): return importlib.import_module(name)\n\nOLD = 'old' in KEYS\n"


def test_a_word_that_may_be_part_of_a_name_is_no_reference(messages):
    tree = {**HOME, "lib/old.py": OLD, "app.py": BY_NAME}
    assert messages(tree)["lib/old.py"].endswith("; no reference goes through it to lib.home")


def test_a_word_that_may_be_part_of_a_name_keeps_the_shim(check):
    assert check("TRK103", {**HOME, "lib/old.py": OLD, "app.py": BY_NAME}) == []
