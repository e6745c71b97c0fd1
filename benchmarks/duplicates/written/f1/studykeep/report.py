"""Tables and numbers of a study."""

import numpy as np

from studykeep import _lazy, keys


def best_trial_run(client, experiment_id, parent_id, direction="minimize"):
    """Return the complete trial run with the best objective, or None."""
    order = "ASC" if direction == "minimize" else "DESC"
    runs = client.search_runs(
        [experiment_id],
        f"tags.`{keys.PARENT}` = '{parent_id}' and tags.`{keys.TRIAL_STATE}` = 'complete'",
        order_by=[f"metrics.{keys.OBJECTIVE} {order}"],
        max_results=1,
    )
    return runs[0] if runs else None


def trial_table(experiment_id, parent_id):
    """Return a data frame of all trials of a study."""
    frame = _lazy.mlflow().search_runs(
        [experiment_id], filter_string=f"tags.`{keys.PARENT}` = '{parent_id}'"
    )
    frame = frame.rename(columns={f"tags.{keys.TRIAL_NUMBER}": "number"})
    frame["number"] = frame["number"].astype(int)
    return frame.sort_values("number")


def importance(frame, objective="metrics.objective"):
    """Return a rough share of the objective that each numeric parameter explains."""
    out = {}
    target = frame[objective].to_numpy(dtype=float)
    for column in frame.columns:
        if not column.startswith("params."):
            continue
        try:
            values = frame[column].to_numpy(dtype=float)
        except ValueError:
            continue
        if np.std(values) == 0 or np.std(target) == 0:
            continue
        out[column[len("params."):]] = abs(float(np.corrcoef(values, target)[0, 1]))
    total = sum(out.values()) or 1.0
    return {name: share / total for name, share in sorted(out.items())}


def slowest_trial(client, experiment_id, parent_id):
    """Return the trial run that took longest."""
    runs = client.search_runs([experiment_id], f"tags.`{keys.PARENT}` = '{parent_id}'")
    ended = [r for r in runs if r.info.end_time]
    return max(ended, key=lambda r: r.info.end_time - r.info.start_time, default=None)
