"""Which files and functions are looked at for run logic."""

from __future__ import annotations

import pytest

from trackfix.project.run_logic.reading import may_hold_logic


@pytest.mark.parametrize(
    "line",
    [
        "client.search_runs([e])",
        "client.list_run_infos(e)",
        "mlflow.set_experiment(name)",
        "client.create_run(e)",
        "mlflow.start_run()",
        "mlflow.active_run()",
        "client.set_tag(run_id, key, value)",
        "mlflow.set_terminated_tag(run)",
        "run.data.tags",
        "run.data.metrics",
        "tags = {}",
        "make(tags={})",
        "own_tags(run)",
        "RunTags(run)",
        "tags.get(key)",
        "key in run.own_tags",
        "row['tags']",
        'x = "mlflow.parentRunId"',
        "x = 'mlflow.user'",
        "TAG_KEY",
        "MODEL_TAG",
        "tag_keys.MODEL",
        "def own_tags_of(run): ...",
        "client.get_model_version_by_alias(name, alias)",
        "client.get_latest_versions(name)",
        "client.search_model_versions(filter)",
        "client.get_run(run_id)",
    ],
)
def test_a_file_that_names_mlflow_may_hold_logic_by_each_trigger(line: str) -> None:
    assert may_hold_logic("train.py", f"import mlflow\n{line}\n".encode())


@pytest.mark.parametrize(
    "line",
    [
        "mlflow.log_metric('loss', 1)",
        "client.get_metric_history(i, 'a')",
        "stages = 1",
        "data.split()",
    ],
)
def test_other_words_of_mlflow_are_no_run_logic(line: str) -> None:
    assert not may_hold_logic("train.py", f"import mlflow\n{line}\n".encode())


@pytest.mark.parametrize(
    ("line", "may"),
    [
        ("runs = client.search_runs([e])", True),
        ("runs = await to_thread(client().search_runs, [e])", True),
        ("mock.patch.object(client, 'search_runs')", False),
        ("value = run.data.tags['k']", True),
        ("value = client.get_run(run_id).data.tags['k']", True),
        ("def lineage_tags(run): ...", True),
        ("def lineage(run): return run.tags", False),
        ("search_runs = 1", False),
    ],
)
def test_a_file_that_does_not_name_mlflow_needs_what_only_mlflow_has(line: str, may: bool) -> None:
    assert may_hold_logic("lineage.py", line.encode()) is may
