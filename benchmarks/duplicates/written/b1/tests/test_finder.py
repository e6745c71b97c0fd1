from types import SimpleNamespace

import pytest

from evalbench.finder import baseline


class FakeClient:
    def __init__(self, runs):
        self.runs = runs

    def search_runs(self, ids, filter_string="", order_by=None, max_results=1):
        runs = sorted(self.runs, key=lambda r: r.info.end_time, reverse=True)
        return runs[:max_results]


def run(end):
    return SimpleNamespace(info=SimpleNamespace(end_time=end, run_id=str(end)))


def test_newest_baseline():
    assert baseline(FakeClient([run(1), run(2)]), "0").info.run_id == "2"


def test_no_baseline_raises():
    with pytest.raises(LookupError):
        baseline(FakeClient([]), "0")
