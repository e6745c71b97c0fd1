import json


def test_each_hop_is_told(tree, trackfix):
    done = trackfix("resolve", "--path", tree, "lib.old:f")
    assert done.output.splitlines() == [
        "lib.old:f -> lib.home:f  (certain, function)",
        "  lib/old.py:3  import-from lib.home:f",
    ]


def test_a_dotted_name_will_do(tree, trackfix):
    assert "-> lib.home:f" in trackfix("resolve", "--path", tree, "lib.old.f").output


def test_several_are_read_from_standard_input(tree, trackfix):
    done = trackfix("resolve", "--path", tree, "--format", "json", input="lib.old:f\n\nlib.home\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(a["query"], a["home"], a["kind"]) for a in answers] == [
        ("lib.old:f", "lib.home:f", "function"),
        ("lib.home", "lib.home", "module"),
    ]


def test_what_is_not_there_is_missing(tree, trackfix):
    assert "(missing, unknown)" in trackfix("resolve", "--path", tree, "lib.old:nothing").output


def test_what_is_no_name_is_an_error(tree, trackfix):
    done = trackfix("resolve", "--path", tree, "lib/old.py")
    assert done.exit_code == 2
    assert "'lib/old.py' is no MODULE or MODULE:NAME" in done.stderr
