"""Which days did the trainings of a region see? Prints gaps between their windows."""
from __future__ import annotations

import argparse
import json
from datetime import date

from mlflow.entities import Run

import settings
from tasks.tracking import ensure_experiment, iter_runs


class Window:
    def __init__(self, start: date, stop: date):
        self.start, self.stop = start, stop

    @classmethod
    def of(cls, run: Run) -> Window:
        bounds = json.loads(run.data.tags.get("window", "[]"))
        if len(bounds) != 2:
            raise ValueError(f"run {run.info.run_id} has no window")
        return cls(*map(date.fromisoformat, bounds))

    def __len__(self):
        return (self.stop - self.start).days


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("region", choices=settings.REGIONS)
    region = ap.parse_args().region
    eid = ensure_experiment(settings.experiment_name(region))
    windows = [Window.of(r) for r in iter_runs(eid, "tags.step = 'train' and attributes.status = 'FINISHED'")]
    windows.sort(key=lambda w: w.stop)
    for a, b in zip(windows, windows[1:]):
        gap = (b.stop - a.stop).days
        if gap > 1:
            print(f"{gap - 1} days without training after {a.stop}")
    print(len(windows), "trainings,", sum(map(len, windows)), "days seen in all")


if __name__ == "__main__":
    main()
