import pytest

from gridcast import config, runs


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDCAST_TRACKING_URI", f"sqlite:///{tmp_path}/m.db")
    config.settings.cache_clear()


def finish(**tags):
    api = runs.client()
    run = api.create_run(runs.experiment_id(), tags=tags)
    api.set_terminated(run.info.run_id)
    return run.info.run_id


def test_finds_newest_of_the_method():
    finish(**{"grid.series": "north", "grid.method": "naive"})
    api = runs.client()
    hits = api.search_runs(
        [runs.experiment_id()],
        "tags.`grid.series` = 'north' and tags.`grid.method` = 'naive'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    assert runs.find("north", "naive").info.run_id == hits[0].info.run_id


def test_falls_back_to_any_method():
    run_id = finish(**{"grid.series": "south", "grid.method": "naive"})
    assert runs.find("south", "harmonic").info.run_id == run_id


def test_nothing_raises():
    with pytest.raises(runs.NoRun):
        runs.find("west")
