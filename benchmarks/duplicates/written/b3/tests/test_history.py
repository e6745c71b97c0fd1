import datetime as dt
from types import SimpleNamespace

from demand.history import History, watermark


def fake(tags):
    return SimpleNamespace(data=SimpleNamespace(tags=tags))


def test_watermark():
    assert watermark(fake({"batch.watermark": "2024-02-29"})) == dt.date(2024, 2, 29)
    assert watermark(fake({})) is None


def test_last_of(tmp_path):
    history = History(f"sqlite:///{tmp_path / 'm.db'}")
    experiment_id = history.experiment("x")
    history.api.create_run(experiment_id, tags={"batch.job": "x"})
    runs = history.api.search_runs(
        [experiment_id], "tags.`batch.job` = 'x'", order_by=["attributes.start_time DESC"], max_results=1
    )
    assert history.last_of("x").info.run_id == runs[0].info.run_id
