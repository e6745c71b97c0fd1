"""What is added to the settings of a project, and that nothing else changes."""

import pytest
import yaml

from trackfix.rewrite.settings_text import SettingsError, has_table, with_hook, with_table

TABLE = '[tool.trackfix]\n# why\nsrc = ["."]\n'

# pyproject.toml


def test_a_table_goes_behind_what_is_there():
    before = b"[project]\nname = 'p' # \xc3\xa4\n"
    assert with_table(before, TABLE) == before + b"\n" + TABLE.encode()


def test_an_empty_file_gets_the_table_alone():
    assert with_table(b"", TABLE) == TABLE.encode()


def test_newlines_are_those_of_the_file_and_a_missing_one_is_added():
    after = with_table(b"[project]\r\nname = 'p'", TABLE)
    assert after == b"[project]\r\nname = 'p'\r\n\r\n" + TABLE.replace("\n", "\r\n").encode()


BEFORE = b"""[project]
name = 'p'

[tool.trackfix]
keep = [
  "x",
]

[tool.trackfix.layers]
a = ["b"]

# of ruff
[tool.ruff]
src = []
"""


def test_a_table_is_replaced_with_those_below_it_and_comments_on_the_next_stay():
    expected = (
        b"[project]\nname = 'p'\n\n" + TABLE.encode() + b"\n# of ruff\n[tool.ruff]\nsrc = []\n"
    )
    assert with_table(BEFORE, TABLE) == expected
    assert with_table(expected, TABLE) == expected


@pytest.mark.parametrize(
    "before",
    [
        b"[tool]\ntrackfix = { src = [] }\n",
        b"tool.trackfix.src = []\n",
        b"tool = { ruff = {} }\n",
        b'x = """\n[tool.trackfix]\n"""\n',
    ],
)
def test_what_can_not_be_added_to_is_an_error(before):
    with pytest.raises(SettingsError, match="in a form that can't be added to"):
        with_table(before, TABLE)


def test_no_toml_is_an_error():
    with pytest.raises(SettingsError, match="is no TOML: "):
        with_table(b"[", TABLE)
    with pytest.raises(SettingsError, match="is no TOML: "):
        has_table(b"\xff")


def test_a_table_is_known_in_every_form():
    assert has_table(b"[tool.trackfix]\n")
    assert has_table(b"tool.trackfix.src = []\n")
    assert not has_table(b"[tool.ruff]\n# [tool.trackfix]\n")


# .pre-commit-config.yaml

CONFIG = b"""# ours
default_stages: [pre-commit]
repos:
  # the formatter
  - repo: local
    hooks:
      - id: ruff  # fast

# at the end
exclude: ^vendor/
"""


def hooks(data):
    found = yaml.safe_load(data)
    return [hook["id"] for repo in found["repos"] for hook in repo["hooks"]]


def test_a_hook_goes_behind_the_others_and_every_other_line_stays():
    after = with_hook(CONFIG)
    assert hooks(after) == ["ruff", "trackfix"]
    above, behind = CONFIG.split(b"\n\n")
    assert after.startswith(above + b"\n  - repo: local\n    hooks:\n      # The rules see")
    assert after.endswith(b"      require_serial: true\n\n" + behind)
    assert after.count(b"\n") == CONFIG.count(b"\n") + 9


def test_a_second_time_changes_nothing():
    assert with_hook(with_hook(CONFIG)) == with_hook(CONFIG)
    assert with_hook(with_hook(None)) == with_hook(None)


@pytest.mark.parametrize("data", [None, b"", b"\n"])
def test_a_file_that_is_not_there_gets_the_hook_alone(data):
    assert hooks(with_hook(data)) == ["trackfix"]


@pytest.mark.parametrize("data", [b"# later\n", b"---\n# a\n\n# b", b"# a\r\n"])
def test_a_file_of_comments_gets_the_hook_below_them(data):
    after = with_hook(data)
    assert after.startswith(data.rstrip())
    assert hooks(after) == ["trackfix"]
    assert after.count(b"\r\n") == (after.count(b"\n") if b"\r" in data else 0)


@pytest.mark.parametrize(
    "before",
    [
        b"repos:\n- repo: local\n  hooks:\n  - id: a\n",
        b"repos:\n- repo: local\n  hooks:\n  - id: a",
        b"repos:\r\n  - repo: local\r\n    hooks:\r\n      - id: a\r\n",
        b"repos: # all\n    - repo: local\n      hooks: [{id: a}]\n",
        b"---\nrepos:\n  - repo: local\n    hooks:\n      - id: a\n# end\n",
    ],
)
def test_every_way_to_write_a_list_below_is_understood(before):
    after = with_hook(before)
    assert hooks(after) == ["a", "trackfix"]
    assert (b"\r\n" in after) == (b"\r\n" in before)
    assert b"\n" not in after.replace(b"\r\n", b"") or b"\r\n" not in before


@pytest.mark.parametrize(
    "config",
    [
        b"repos:\n  - repo: local\n    hooks:\n      - id: trackfix-fix\n",
        b"repos:\n- hooks:\n  - {id: x}\n  - id: 'trackfix'\n",
    ],
)
def test_a_hook_that_is_there_stays_alone(config):
    assert with_hook(config) == config


def test_a_comment_is_no_hook():
    assert hooks(with_hook(CONFIG + b"# id: trackfix\n")) == ["ruff", "trackfix"]


@pytest.mark.parametrize(
    "before",
    [
        b"repos: []\n",
        b"repos:\n",
        b"exclude: x\n",
        b"repos: &r\n  - repo: local\n",
        b"{repos: []}\n",
        b"repos:\n  a: b\n",
    ],
)
def test_a_list_in_another_form_is_an_error(before):
    with pytest.raises(SettingsError, match="add the hook by hand"):
        with_hook(before)
