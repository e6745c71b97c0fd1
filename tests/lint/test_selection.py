import textwrap

import pytest

from trackfix.lint.registry import RuleEntry
from trackfix.lint.selection import RuleOptions, Selection, find_rule, split_selectors
from trackfix.project.project import open_project
from trackfix.project.settings.config import ConfigError
from trackfix.source.entry_points import AnnouncedObject

NAMES = {
    "TRK000": "syntax-error",
    "TRK001": "unused-ignore",
    "TRK101": "shim-import",
    "TRK102": "reexport-layer",
    "TRK201": "direct-client",
    "TRK309": "far-away",
}
RULES = tuple(
    RuleEntry(code, name, code != "TRK309", code < "TRK100", AnnouncedObject(name, "m:R", "d"))
    for code, name in NAMES.items()
)
DEFAULT = frozenset(NAMES) - {"TRK309"}


@pytest.fixture
def select(tmp_path):
    """The selection in a project with these settings and files."""

    def run(settings="", files=(), **options):
        write(tmp_path, "pyproject.toml", settings)
        for path in ("app.py", "tests/test_app.py", *files):
            if isinstance(files, dict) and path in files:
                write(tmp_path, path, files[path])
            else:
                write(tmp_path, path, "")
        given: dict = {k: v if k == "rule_set" else tuple(v) for k, v in options.items()}
        return Selection(open_project(tmp_path), RuleOptions(**given), RULES)

    return run


def write(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    table = f"[tool.trackfix]\n{textwrap.dedent(text)}" if path.endswith(".toml") else text
    (root / path).write_text(table)


def codes(*numbers):
    return frozenset(f"TRK{number}" for number in numbers)


# Which rules are on


def test_without_settings_all_rules_run_but_those_that_are_off_by_default(select):
    selection = select()
    assert selection.rules_for("app.py") == DEFAULT
    assert selection.enabled == DEFAULT
    assert [entry.code for entry in selection.enabled_rules()] == sorted(DEFAULT)


# Rule sets

SETS = {
    "recommended": DEFAULT,
    "strict": frozenset(NAMES),
    "migration": codes("000", 101, 102),
}


@pytest.mark.parametrize("name", SETS)
def test_the_selection_starts_from_the_rule_set(select, name):
    assert select(f'rule-set = "{name}"').enabled == SETS[name]
    assert select(rule_set=name).enabled == SETS[name]


def test_the_set_of_the_command_line_takes_the_place_of_what_the_settings_select(select):
    settings = 'rule-set = "migration"\nselect = ["TRK201"]\nignore = ["TRK309"]'
    assert select(settings).enabled == codes("000", 201)
    assert select(settings, rule_set="strict").enabled == frozenset(NAMES) - {"TRK309"}


def test_other_options_go_on_from_the_rule_set(select):
    found = select('rule-set = "migration"\nextend-select = ["TRK309"]', ignore=["TRK102"])
    assert found.enabled == codes("000", 101, 309)
    assert select('rule-set = "strict"', select=["TRK1"]).enabled == codes("000", 101, 102)


def test_each_folder_starts_from_the_set_of_its_own_settings(select):
    files = {"sub/pyproject.toml": 'rule-set = "strict"', "sub/a.py": ""}
    found = select('rule-set = "migration"', files)
    assert found.rules_for("app.py") == SETS["migration"]
    assert found.rules_for("sub/a.py") == SETS["strict"]


@pytest.mark.parametrize(
    "value, wrong",
    [
        ('"strikt"', "'strikt'; did you mean 'strict'?"),
        ('"all"', "'all'; known: recommended, strict, migration"),
        ("3", "3; known: recommended, strict, migration"),
    ],
)
def test_a_set_that_is_not_there_is_an_error(select, value, wrong):
    with pytest.raises(ConfigError) as error:
        select(f"rule-set = {value}")
    expected = f"pyproject.toml: [tool.trackfix] rule-set: there is no set {wrong}"
    assert str(error.value) == expected


@pytest.mark.parametrize(
    "selectors, expected",
    [
        (["TRK201"], codes("000", 201)),
        (["direct-client"], codes("000", 201)),
        (["TRK1"], codes("000", 101, 102)),
        (["TRK"], frozenset(NAMES)),
        (["ALL"], frozenset(NAMES)),
        (["TRK309"], codes("000", 309)),
        (["TRK1", "direct-client"], codes("000", 101, 102, 201)),
        ([], codes("000")),
    ],
)
def test_select_takes_codes_names_prefixes_and_all_and_keeps_syntax_errors(
    select, selectors, expected
):
    assert select(select=selectors).enabled == expected
    assert select(f"select = {selectors}").enabled == expected


@pytest.mark.parametrize(
    "options, expected",
    [
        ({"ignore": ["TRK1"]}, DEFAULT - codes(101, 102)),
        ({"ignore": ["shim-import"]}, DEFAULT - codes(101)),
        ({"ignore": ["TRK000"]}, DEFAULT - codes("000")),
        ({"ignore": ["ALL"]}, frozenset()),
        ({"extend_select": ["TRK309"]}, DEFAULT | codes(309)),
        ({"ignore": ["TRK1"], "extend_select": ["TRK101"]}, DEFAULT - codes(102)),
        ({"select": ["TRK101"], "ignore": ["TRK1"]}, codes("000", 101)),
        ({"select": ["TRK1"], "ignore": ["TRK101"]}, codes("000", 102)),
        ({"select": ["TRK1"], "ignore": ["TRK1"]}, codes("000")),
        ({"select": ["shim-import"], "ignore": ["TRK101"]}, codes("000")),
        ({"select": ["ALL"], "ignore": ["TRK"]}, codes("000") - codes("000")),
    ],
)
def test_the_more_specific_selector_counts_and_of_two_equal_ones_that_which_ignores(
    select, options, expected
):
    assert select(**options).enabled == expected
    keys = {"select": "select", "extend_select": "extend-select", "ignore": "ignore"}
    settings = "\n".join(f"{keys[key]} = {value}" for key, value in options.items())
    assert select(settings).enabled == expected


@pytest.mark.parametrize(
    "settings, options, expected",
    [
        ('ignore = ["TRK201"]', {"select": ["TRK2"]}, codes("000", 201)),
        ('select = ["TRK1"]', {"select": ["TRK201"]}, codes("000", 201)),
        ('select = ["TRK1"]', {"extend_select": ["TRK201"]}, codes("000", 101, 102, 201)),
        ('select = ["TRK101"]', {"ignore": ["TRK"]}, frozenset()),
        ('ignore = ["TRK000"]', {"select": ["TRK201"]}, codes(201)),
        ('ignore = ["TRK201"]', {"ignore": ["TRK101"]}, DEFAULT - codes(201, 101)),
        ('ignore = ["TRK201"]', {}, DEFAULT - codes(201)),
    ],
)
def test_the_command_line_comes_after_the_settings(select, settings, options, expected):
    assert select(settings, **options).enabled == expected


# Where


@pytest.mark.parametrize(
    "pattern, path, hit",
    [
        ("tests/**", "tests/test_app.py", True),
        ("tests/**", "app.py", False),
        ("tests", "tests/test_app.py", True),
        ("test_*.py", "tests/test_app.py", True),
        ("/app.py", "app.py", True),
        ("/test_app.py", "tests/test_app.py", False),
        ("!tests/**", "app.py", True),
        ("!tests/**", "tests/test_app.py", False),
    ],
)
def test_per_file_ignores_are_patterns_as_in_a_gitignore(select, pattern, path, hit):
    selection = select(f'per-file-ignores = {{ "{pattern}" = ["TRK2"] }}')
    assert selection.rules_for(path) == (DEFAULT - codes(201) if hit else DEFAULT)


def test_several_patterns_add_up(select):
    selection = select('per-file-ignores = { "tests" = ["TRK201"], "test_*" = ["shim-import"] }')
    assert selection.rules_for("tests/test_app.py") == DEFAULT - codes(101, 201)


def test_what_the_command_line_selects_is_ignored_per_file_all_the_same(select):
    selection = select('per-file-ignores = { "tests" = ["TRK201"] }', select=["TRK201"])
    assert selection.rules_for("tests/test_app.py") == codes("000")


# Nested settings


def test_the_nearest_settings_count_for_the_files_below_them(select):
    files = {"sub/pyproject.toml": 'ignore = ["TRK1"]', "sub/deep/x.py": "", "subway.py": ""}
    selection = select('ignore = ["TRK2"]', files)
    assert selection.rules_for("app.py") == DEFAULT - codes(201)
    assert selection.rules_for("subway.py") == DEFAULT - codes(201)
    assert selection.rules_for("sub/deep/x.py") == DEFAULT - codes(101, 102)
    assert selection.enabled == DEFAULT


def test_patterns_of_nested_settings_are_relative_to_them(select):
    nested = 'per-file-ignores = { "/x.py" = ["TRK2"] }\nexclude = ["out"]'
    selection = select("", {"sub/pyproject.toml": nested, "sub/x.py": "", "sub/out/y.py": ""})
    assert selection.rules_for("sub/x.py") == DEFAULT - codes(201)
    assert selection.rules_for("sub/sub/x.py") == DEFAULT
    assert selection.rules_for("sub/out/y.py") == frozenset()


def test_the_command_line_comes_after_nested_settings_too(select):
    selection = select("", {"sub/pyproject.toml": 'select = ["TRK1"]'}, ignore=["TRK101"])
    assert selection.rules_for("sub/x.py") == codes("000", 102)


def test_a_nested_project_without_settings_of_ours_changes_nothing(select, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "pyproject.toml").write_text("[project]\nname = 'x'\n[tool.black]\n")
    selection = select('ignore = ["TRK2"]')
    assert selection.settings_for("sub/x.py") is selection.root


# Errors


@pytest.mark.parametrize(
    "options, message",
    [
        ({"select": ["TRK210"]}, "unknown rule 'TRK210' in --select; did you mean 'TRK201'?"),
        (
            {"extend_select": ["trk201"]},
            "unknown rule 'trk201' in --extend-select; did you mean 'TRK201'?",
        ),
        (
            {"ignore": ["direkt-client"]},
            "unknown rule 'direkt-client' in --ignore; did you mean 'direct-client'?",
        ),
        ({"ignore": ["E501"]}, "unknown rule 'E501' in --ignore; 'trackfix rules' lists them"),
        ({"select": [""]}, "unknown rule '' in --select; 'trackfix rules' lists them"),
    ],
)
def test_an_unknown_rule_is_an_error_with_a_suggestion(select, options, message):
    with pytest.raises(ConfigError) as caught:
        select(**options)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "setting",
    ['select = ["TRK210"]', 'ignore = ["TRK210"]', 'per-file-ignores = { "a" = ["TRK210"] }'],
)
def test_an_unknown_rule_in_settings_names_the_file_and_the_key(select, setting):
    key = setting.partition(" ")[0]
    with pytest.raises(ConfigError, match=rf"in {key} of \[tool.trackfix\] in pyproject.toml; did"):
        select(setting)
    with pytest.raises(ConfigError, match=rf"in {key} of .* in sub/pyproject.toml; did you mean"):
        select("", {"sub/pyproject.toml": setting})


@pytest.mark.parametrize(
    "setting, message",
    [
        ('select = "TRK1"', "select must be a list of strings"),
        ("extend-select = [1]", "extend-select must be a list of strings"),
        ("per-file-ignores = []", "per-file-ignores must be a table"),
        ('per-file-ignores = { "a" = "TRK1" }', "per-file-ignores 'a' must be a list of strings"),
        ("per-file-ignore = {}", "did you mean 'per-file-ignores'"),
        ("exclude = ['!']", "exclude: '!' is no pattern as in a .gitignore"),
        ("exclude = ['a', '[z-a]']", r"exclude: '\[z-a\]' is no pattern"),
    ],
)
def test_a_setting_of_the_wrong_form_is_an_error(select, setting, message):
    with pytest.raises(ConfigError, match=message):
        select(setting)
    with pytest.raises(ConfigError, match=rf"^sub/pyproject.toml: .*{message}"):
        select("", {"sub/pyproject.toml": setting})


@pytest.mark.parametrize("pattern", ["[z-a]", "a\\", "!!"])
def test_a_pattern_that_is_none_is_an_error_when_it_is_needed(select, pattern):
    selection = select(f"per-file-ignores = {{ '{pattern}' = ['TRK201'] }}")
    with pytest.raises(ConfigError, match="bad pattern"):
        selection.rules_for("app.py")


# Words


def test_values_of_an_option_are_split_at_commas_and_spaces():
    assert split_selectors(["TRK1, TRK201", "shim-import,"]) == ("TRK1", "TRK201", "shim-import")
    assert split_selectors([]) == ()


@pytest.mark.parametrize("query", ["TRK201", "trk201", "direct-client", "Direct-Client"])
def test_a_rule_is_found_by_code_or_name_however_it_is_written(query):
    assert find_rule(query, RULES) is RULES[4]


@pytest.mark.parametrize("query", ["TRK2", "", "direct", "TRK2011"])
def test_a_part_of_a_code_or_name_finds_no_rule(query):
    assert find_rule(query, RULES) is None
