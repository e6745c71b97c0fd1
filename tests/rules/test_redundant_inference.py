"""TRK403: values inferred once more, and those that have to be."""

import pytest

from trackfix.project.settings.config import ConfigError

PATHS = """
    def infer_config_dir(path): ...
    def resolve_project_paths_with_fallback(output_dir, config_dir):
        if config_dir is None:
            config_dir = infer_config_dir(output_dir)
        return config_dir
"""
ONE = "pkg.paths.resolve_project_paths_with_fallback"
START = "from pkg.paths import infer_config_dir\ndef f(out, config_dir=None):\n"
FOR_NONE = f"config_dir is inferred for None here, and not by {ONE}"
GIVEN = f"config_dir is inferred again although it was given; {ONE} believes it"

FOUND = {
    "    if config_dir is None:\n        config_dir = infer_config_dir(out)\n": FOR_NONE,
    "    if not config_dir:\n        config_dir = infer_config_dir(out)\n": FOR_NONE,
    "    if config_dir is not None: pass\n    else: config_dir = infer_config_dir(out)\n": FOR_NONE,
    "    if config_dir is not None:\n        return\n    config_dir = infer_config_dir()\n": FOR_NONE,
    "    config_dir = config_dir or infer_config_dir(out)\n": FOR_NONE,
    "    config_dir = infer_config_dir(out) if config_dir is None else config_dir\n": FOR_NONE,
    "    load(config_dir or infer_config_dir(out))\n": FOR_NONE,
    "    if out and config_dir is None:\n        config_dir = infer_config_dir(out)\n": FOR_NONE,
    "    config_dir = infer_config_dir(out)\n": GIVEN,
    "    load(config_dir=infer_config_dir(out))\n": GIVEN,
    "    if out:\n        config_dir = infer_config_dir(out)\n": GIVEN,
}


@pytest.mark.parametrize("body", FOUND)
def test_an_inference_outside_the_one_function_is_found(check, body):
    (found,) = check("TRK403", {"pkg/paths.py": PATHS, "pkg/a.py": START + body})
    assert found.message == FOUND[body]


def test_a_script_that_infers_for_itself_is_found_where_there_is_the_one_function(check):
    source = "from pkg.paths import infer_config_dir\nconfig_dir = infer_config_dir('.')\n"
    (found,) = check("TRK403", {"pkg/paths.py": PATHS, "run.py": source})
    assert found.message == f"config_dir is inferred outside of {ONE}"


FINE = {
    "a test of more than None beside one of None": "    if config_dir and not config_dir.exists():\n        config_dir = infer_config_dir(out)\n",
    "a test of more than None": "    if not config_dir.exists():\n        config_dir = infer_config_dir(out)\n",
    "compared": "    print(infer_config_dir(out) == config_dir)\n",
    "another name": "    fallback = infer_config_dir(out)\n",
    "given a value before": "    config_dir = out.parent\n    config_dir = infer_config_dir(config_dir)\n",
    "another inference": "    config_dir = infer_project(out)\n",
}


@pytest.mark.parametrize("body", FINE.values(), ids=FINE)
def test_what_can_be_meant_is_no_finding(check, body):
    assert check("TRK403", {"pkg/paths.py": PATHS, "pkg/a.py": START + body}) == []


def test_inferring_functions_may_call_each_other(check):
    source = (
        START.replace("def f", "def infer_config_dir_of_run") + "    return infer_config_dir(out)\n"
    )
    assert check("TRK403", {"pkg/paths.py": PATHS, "pkg/a.py": source}) == []


def test_tests_may_infer(check):
    source = START + "    config_dir = infer_config_dir(out)\n"
    assert check("TRK403", {"pkg/paths.py": PATHS, "tests/test_a.py": source}) == []


BODY = "    if config_dir is None:\n        config_dir = infer_config_dir(out)\n"


def test_without_the_one_function_one_place_may_be_it_but_not_two(check):
    tree = {"pkg/a.py": START + BODY}
    assert check("TRK403", tree) == []
    found = check("TRK403", {**tree, "pkg/b.py": START + BODY})
    assert [f.path for f in found] == ["pkg/a.py", "pkg/b.py"]
    assert found[0].message.endswith("not by trackfix.tracking.resolve_project_paths_with_fallback")


def test_a_project_that_uses_the_library_has_the_function_there(check):
    tree = {"pkg/a.py": START + BODY, "pkg/b.py": "import trackfix.tracking\n"}
    assert [f.path for f in check("TRK403", tree)] == ["pkg/a.py"]


def test_the_setting_names_parameters_and_their_one_function(check):
    source = """
        def infer_data_dir(): ...
        def data(data_dir=None): return data_dir or infer_data_dir()
        def f(data_dir=None): return data_dir or infer_data_dir()
    """
    setting = '[tool.trackfix]\ninferred-parameters = { data_dir = "pkg.a:data" }\n'
    found = check("TRK403", {"pyproject.toml": setting, "pkg/a.py": source})
    assert [(f.line, f.message.rpartition(" ")[2]) for f in found] == [(3, "pkg.a.data")]


@pytest.mark.parametrize(
    "value, message",
    [
        ('{ data_dir = "pkg.a:gone" }', " 'data_dir': there is no 'gone' in pkg.a"),
        (
            '{ data_dir = "gone" }',
            " 'data_dir' must name a function, such as \"pkg.module:create_mlflow_client\"; "
            "it is 'gone'",
        ),
        ('{ "data-dir" = "pkg.a:f" }', ": 'data-dir' is no name"),
        ('"x"', ' must be a table such as { config_dir = "pkg.paths:resolve_paths" }'),
    ],
)
def test_a_wrong_setting_is_one_line(check, value, message):
    setting = f"[tool.trackfix]\ninferred-parameters = {value}\n"
    with pytest.raises(ConfigError) as error:
        check("TRK403", {"pyproject.toml": setting, "pkg/a.py": "def f(): ...\n"})
    assert str(error.value) == f"pyproject.toml: [tool.trackfix] inferred-parameters{message}"
