"""Lets callers of the old functions use the new store.

Remove together with tracking_old.
"""
from fraudlens import tracking_old
from fraudlens.flags import enabled
from fraudlens.tracking.store import default_store


class Row(dict):
    """Looks like a row of the old frame."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def to_row(run):
    row = Row(run_id=run.info.run_id, status=run.info.status, start_time=run.info.start_time)
    row.update({"metrics." + k: v for k, v in run.data.metrics.items()})
    row.update({"params." + k: v for k, v in run.data.params.items()})
    row.update({"tags." + k: v for k, v in run.data.tags.items()})
    return row


def get_experiment(name="fraudlens"):
    if enabled("NEW_TRACKING"):
        return default_store().experiment_id
    return tracking_old.get_experiment(name)


def latest_prod_run(model):
    if not enabled("NEW_TRACKING"):
        return tracking_old.latest_prod_run(model)
    run = default_store().latest_prod(model)
    return to_row(run) if run else None
