"""How far each partition lags behind the newest one."""
import datetime as dt
import functools

from mlflow import MlflowClient

from demand import history
from demand.keys import Keys


def _runs(api, job):
    experiment = api.get_experiment_by_name(f"demand/{job}")
    return list(api.search_runs([experiment.experiment_id])) if experiment else []


def newer(a, b):
    return a if a.info.end_time >= b.info.end_time else b


def done(api, job, partition):
    kept = [
        r
        for r in _runs(api, job)
        if r.info.status == "FINISHED" and r.data.tags.get(Keys.PARTITION) == partition
    ]
    return functools.reduce(newer, kept).info.run_id if kept else None


def partitions(api, job):
    return sorted({r.data.tags[Keys.PARTITION] for r in _runs(api, job) if Keys.PARTITION in r.data.tags})


def lags(job):
    api = MlflowClient()
    marks = {}
    for name in partitions(api, job):
        run_id = done(api, job, name)
        if run_id:
            marks[name] = history.watermark(api.get_run(run_id)) or dt.date.min
    newest = max(marks.values(), default=dt.date.min)
    return {name: (newest - mark).days for name, mark in marks.items()}


if __name__ == "__main__":
    for name, days in lags("train").items():
        print(f"{name:10s} {days:4d} days")
