"""TRK506: one page that is taken for all, and results that are not."""

import pytest

START = "import mlflow\nfrom mlflow import MlflowClient\n\ndef f(client: MlflowClient, ids, token, *args):\n"


@pytest.fixture
def messages(check):
    """The messages of the findings in the body of a function."""

    def run(body, path="a.py"):
        indented = "".join(f"    {line}\n" for line in body.splitlines())
        return [found.message for found in check("TRK506", {path: START + indented})]

    return run


FOUND = {
    "again and again": "while token:\n    runs = client.search_runs(ids)\n    for run in runs:\n        print(run)",
    "a loop over other things": "for i in ids:\n    runs = client.search_runs([i])\n    if not runs:\n        break\n    for run in runs:\n        print(run)",
    "a loop until something is found": "while True:\n    runs = client.search_runs(ids)\n    if runs:\n        break\nfor run in runs:\n    print(run)",
    "a loop while nothing is found": "runs = token\nwhile not runs:\n    runs = client.search_runs(ids)\nfor run in runs:\n    print(run)",
    "a loop over what was found once": "runs = client.search_runs(ids)\nfor run in runs:\n    print(run)\nwhile runs:\n    print(runs.pop())",
    "a loop": "for run in client.search_runs(ids):\n    print(run)",
    "a comprehension": "names = [run.info.run_name for run in client.search_runs(ids)]",
    "by a name": "runs = client.search_runs(ids)\nprint(len(runs))\nfor run in runs:\n    print(run)",
    "a filter in Python": "runs = client.search_runs(ids, \"tags.a = 'b'\")\nreturn [r for r in runs if r.data.tags]",
    "the best": "best = max(client.search_runs(ids), key=loss)",
    "sorted": "runs = client.search_runs(ids)\nreturn sorted(runs, key=loss)[0]",
    "counted": "return len(client.search_runs(ids))",
    "counted by a name": "runs = client.search_runs(ids)\nreturn len(runs)",
    "counted with others": "runs = client.search_runs(ids)\nreturn token + 2 * len(runs)",
    "added up": "total = 0\ntotal += len(client.search_runs(ids))",
    "counted in a mapping": "runs = client.search_runs(ids)\nprint({'runs': len(runs)})",
    "all but the first": "runs = client.search_runs(ids)\nfor run in runs[1:]:\n    print(run)",
    "order alone": "for run in client.search_runs(ids, order_by=['start_time']):\n    print(run)",
}


@pytest.mark.parametrize("body", FOUND.values(), ids=FOUND)
def test_a_page_that_is_taken_for_all_is_found(messages, body):
    assert messages(body) == ["search_runs gives 1,000 at most; further pages are not read"]


@pytest.mark.parametrize(
    "api, size",
    [
        ("search_experiments", "1,000"),
        ("search_registered_models", "100"),
        ("search_traces", "100"),
    ],
)
def test_each_search_has_its_own_page(messages, api, size):
    body = f"for found in client.{api}():\n    print(found)"
    assert messages(body) == [f"{api} gives {size} at most; further pages are not read"]


RIGHT = {
    "a loop until nothing is found": "runs = client.search_runs(ids)\nwhile runs:\n    for run in runs:\n        client.delete_run(run.info.run_id)\n    runs = client.search_runs(ids)",
    "a loop as long as some are found": "runs = client.search_runs(ids)\nwhile len(runs) > 0:\n    for run in runs:\n        client.delete_run(run.info.run_id)\n    runs = client.search_runs(ids)",
    "a function that ends when nothing is found": "while True:\n    runs = client.search_runs(ids)\n    if len(runs) == 0:\n        return\n    for run in runs:\n        client.delete_run(run.info.run_id)",
    "a loop that ends when nothing is found": "while True:\n    runs = client.search_runs(ids)\n    if not runs:\n        break\n    for run in runs:\n        client.delete_run(run.info.run_id)",
    "a limit": "for run in client.search_runs(ids, max_results=5):\n    print(run)",
    "a limit by position": "for run in client.search_runs(ids, '', 1, 5):\n    print(run)",
    "pages": "for run in client.search_runs(ids, page_token=token):\n    print(run)",
    "the token is read": "runs = client.search_runs(ids)\nfor run in runs:\n    print(run)\nif runs.token:\n    raise OverflowError",
    "the first": "runs = client.search_runs(ids, order_by=['metrics.x'])\nreturn runs[0]",
    "whether there is any": "if client.search_runs(ids):\n    print()",
    "how many there are in it": "runs = client.search_runs(ids)\nif len(runs) == 0:\n    raise KeyError",
    "whether there are some": "return len(client.search_runs(ids)) > 0",
    "how many, printed": "runs = client.search_runs(ids)\nprint(len(runs))",
    "the last by its number": "runs = client.search_runs(ids)\nreturn runs[len(runs) - 1]",
    "another's number": "runs = client.search_runs(ids)\nreturn len(token)",
    "a limit, counted": "return len(client.search_runs(ids, max_results=5))",
    "the token, and counted": "runs = client.search_runs(ids)\nif runs.token:\n    raise OverflowError\nreturn len(runs)",
    "the last ones": "for run in client.search_runs(ids)[-3:]:\n    print(run)",
    "one after the first": "for run in client.search_runs(ids)[1:3]:\n    print(run)",
    "some": "for run in client.search_runs(ids)[:3]:\n    print(run)",
    "returned": "runs = client.search_runs(ids)\nfor run in runs:\n    print(run)\nreturn runs",
    "given to a function that may page": "runs = client.search_runs(ids)\nrest = further(runs)\nfor run in runs:\n    print(run)",
    "one run id": "for run in client.search_runs(ids, \"attributes.run_id = 'x'\"):\n    print(run)",
    "one run name": "for run in client.search_runs(ids, f\"tags.mlflow.runName = '{token}'\"):\n    print(run)",
    "one experiment": "for e in client.search_experiments(filter_string=\"name = 'a'\"):\n    print(e)",
    "versions, 10,000 a page": "for v in client.search_model_versions(\"name = 'a'\"):\n    print(v)",
    "the module reads all pages": "for e in mlflow.search_experiments():\n    print(e)",
    "the module's runs": "for run in mlflow.search_runs(ids, output_format='list'):\n    print(run)",
    "options that may limit": "for run in client.search_runs(ids, **token):\n    print(run)",
    "arguments by star": "for run in client.search_runs(*args):\n    print(run)",
    "somebody else's": "for run in ids.search_runs():\n    print(run)",
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_what_is_limited_paged_or_not_gone_through_is_not_found(messages, body):
    assert messages(body) == []


def test_tests_know_how_many_there_are(messages):
    assert messages(FOUND["a loop"], "tests/test_a.py") == []


def test_a_finding_points_at_the_use(check):
    body = "    runs = client.search_runs(ids)\n    for run in runs:\n        print(run)\n"
    (found,) = check("TRK506", {"a.py": START + body})
    assert found.line == 5
    assert [(place.line, place.role) for place in found.related] == [(6, "use")]
    assert found.fix is None
