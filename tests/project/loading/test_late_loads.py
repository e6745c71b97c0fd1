"""Which files tests load while their patches hold."""

import pytest

from trackfix.project.loading.late_loads import LateLoads
from trackfix.project.modules.resolution import Resolver

FILES = {
    "app/__init__.py": "",
    "app/deep.py": "",
    "app/near.py": "import app.deep\n",
    "app/main.py": "import app.near\n",
    "app/other.py": "",
    "tests/conftest.py": "import pytest\nfrom unittest.mock import patch\n",
}
LATE = "def test_main():\n    import app.main\n"


@pytest.fixture
def late_loads(tree):
    def run(files):
        return Resolver(tree({**FILES, **files})).analysis(LateLoads)

    return run


@pytest.mark.parametrize(
    ("head", "loaded"),
    [
        ("", {"app/__init__.py", "app/main.py", "app/near.py", "app/deep.py"}),
        ("import app.deep\n", {"app/main.py", "app/near.py"}),
        ("import app.main\n", set()),
    ],
)
def test_what_a_test_loads_in_a_function_loads_others(late_loads, head, loaded):
    found = late_loads({"tests/test_main.py": head + LATE})
    assert found.under_patches("tests/test_main.py") == loaded


def test_what_the_conftest_loads_is_there_before(late_loads):
    conftest = FILES["tests/conftest.py"] + "import app.near\n"
    found = late_loads({"tests/conftest.py": conftest, "tests/test_main.py": LATE})
    assert found.under_patches("tests/test_main.py") == {"app/main.py"}


def test_the_patches_of_a_conftest_hold_for_the_tests_below_it(late_loads):
    other = "def test_other():\n    import app.other\n"
    found = late_loads({"tests/test_main.py": LATE, "more/test_other.py": other})
    assert "app/main.py" in found.under_patches("tests/conftest.py")
    assert "app/other.py" not in found.under_patches("tests/conftest.py")


def test_those_of_any_other_helper_may_hold_for_all_tests(late_loads):
    other = "def test_other():\n    import app.other\n"
    found = late_loads({"more/test_other.py": other, "tests/helpers.py": ""})
    assert "app/other.py" in found.under_patches("tests/helpers.py")


@pytest.mark.parametrize(
    ("path", "words", "may_be"),
    [
        ("app/deep.py", {b"patch"}, True),
        ("app/deep.py", {b"elsewhere"}, False),
        ("app/other.py", {b"patch"}, False),
    ],
)
def test_only_tests_that_have_a_word_are_asked(late_loads, path, words, may_be):
    found = late_loads({"tests/test_main.py": LATE})
    assert found.may_be_under_patches(path, words) == may_be
