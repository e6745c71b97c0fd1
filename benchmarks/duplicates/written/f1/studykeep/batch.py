"""Make many trials at once for a cluster that runs them later."""

import csv

import numpy as np

from studykeep import _lazy, keys
from studykeep.samplers import RandomSampler


def lay_out(space, n_points, seed=0):
    """Return points of the space, spread by a latin hypercube."""
    rng = np.random.default_rng(seed)
    sampler = RandomSampler(seed)
    points = [sampler.propose(space, []) for _ in range(n_points)]
    rng.shuffle(points)
    return points


def enqueue(study_run, points, first_number=0, tracking_uri=None):
    """Write a waiting run for each point."""
    client = _lazy.client(tracking_uri)
    ids = []
    for offset, point in enumerate(points):
        n = first_number + offset
        child = client.create_run(study_run.info.experiment_id)
        child_id = child.info.run_id
        client.set_tag(child_id, "mlflow.runName", "trial-{:04d}".format(n))
        client.set_tag(child_id, keys.PARENT, study_run.info.run_id)
        client.set_tag(child_id, keys.ROLE, "trial")
        client.set_tag(child_id, keys.TRIAL_NUMBER, n)
        client.set_tag(child_id, keys.TRIAL_STATE, "running")
        client.set_tag(child_id, keys.SAMPLER, "batch")
        for key, value in point.items():
            client.log_param(child_id, key, value)
        ids.append(child_id)
    return ids


def write_csv(points, path):
    """Write the points for people who start jobs by hand."""
    names = sorted(points[0]) if points else []
    with open(path, "w", newline="") as handle:
        writer = csv.DictWriter(handle, fieldnames=names)
        writer.writeheader()
        writer.writerows(points)
