"""What of a file counts for who goes by its facts, or by what its names mean."""

import pytest

from trackfix.project.facts.collect import collect_facts
from trackfix.project.facts.outlines import facts_without_lines, outline
from trackfix.source.document import from_bytes

CODE = """import mlflow


class Work:
    def run(self, number=1):
        return number

    def client(self):
        return mlflow.MlflowClient()


def plain(value):
    return value
"""


def document(text, path="a.py"):
    return from_bytes(path, text.encode())


def told(text):
    return outline(document(text)).told(["MlflowClient"])


def facts(text):
    read = document(text)
    return facts_without_lines(collect_facts(read.path, read.tree, read.code))


@pytest.mark.parametrize("before, after", [
    ("import mlflow\n", "# why\nimport mlflow\n\n"),
    ("    return value\n", "    value += 1\n    # why\n    return value\n"),
    ("        return number\n", "        return [\n            number\n        ]\n"),
    ("        return mlflow", "\n        # why\n        return mlflow"),
])  # fmt: skip
def test_comments_and_functions_without_the_words_do_not_count(before, after):
    assert before in CODE
    assert told(CODE.replace(before, after)) == told(CODE)


@pytest.mark.parametrize("before, after", [
    ("return value", "return mlflow.MlflowClient()"),
    ("return mlflow.MlflowClient()", "return mlflow.MlflowClient"),
    ("return value", "global mlflow"),
    ("return value", "import mlflow"),
    ("return value", "globals()['mlflow'] = 1"),
    ("return value", "setattr(mlflow, value, 1)"),
    ("number=1", "number=2"),
    ("def plain(value)", "def plain(values)"),
    ("class Work:", "class Work(object):"),
    ("import mlflow\n", "import mlflow as m\n"),
    ("def plain(value):\n    return value\n", "def plain(values): return value\n"),
])  # fmt: skip
def test_what_may_tell_of_the_words_counts(before, after):
    assert before in CODE
    assert told(CODE.replace(before, after)) != told(CODE)


def test_it_counts_which_function_has_the_words():
    one = "def f():\n    return MlflowClient()\ndef g():\n    return 1\n"
    other = "def f():\n    return 1\ndef g():\n    return MlflowClient()\n"
    assert told(one) != told(other)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_may_end_in_any_way(end):
    assert told(f"# why\n{CODE}".replace("\n", end)) == told(CODE)


@pytest.mark.parametrize("before, after", [
    ("import mlflow\n", "# why\n\nimport mlflow\n"),
    ("    return value\n", "    value += 1\n    return value\n"),
    ("        return number\n", "        return 7\n"),
])  # fmt: skip
def test_facts_that_only_stand_elsewhere_are_the_same(before, after):
    assert before in CODE
    assert facts(CODE.replace(before, after)) == facts(CODE)


@pytest.mark.parametrize("text", [
    CODE + "x = 1\n",
    CODE.replace("plain", "plain2"),
    CODE.replace("import mlflow\n", "import mlflow2\n"),
    CODE.replace("    return value\n", "    import os\n"),
    CODE.replace("import mlflow\n", "") + "import mlflow\n",
])  # fmt: skip
def test_other_facts_are_not(text):
    assert facts(text) != facts(CODE)


def test_digits_in_names_are_no_lines():
    assert facts("import a1\n") != facts("import a2\n")
