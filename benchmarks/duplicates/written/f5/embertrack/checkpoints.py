"""Checkpoints as artifacts of runs."""

import json
import os
import re
import tempfile
from pathlib import Path

from embertrack import runs

NAME = re.compile(r"epoch=(\d+)-step=(\d+)\.ckpt$")


class CheckpointStore:
    """Saves and finds checkpoints of one run."""

    def __init__(self, client, run_id, folder="checkpoints", keep=3):
        self.client = client
        self.run_id = run_id
        self.folder = folder
        self.keep = keep

    def save(self, state, epoch, step, write):
        """Write a state by the given function and log the file."""
        name = f"epoch={epoch}-step={step}.ckpt"
        with tempfile.TemporaryDirectory() as temp:
            path = os.path.join(temp, name)
            write(state, path)
            self.client.log_artifact(self.run_id, path, self.folder)
        runs.mark_progress(self.client, self.run_id, epoch, step, f"{self.folder}/{name}")

    def names(self):
        found = []
        for item in self.client.list_artifacts(self.run_id, self.folder):
            match = NAME.search(item.path)
            if match:
                found.append((int(match.group(2)), item.path))
        return [path for _, path in sorted(found)]

    def fetch(self, path=None):
        """Download the last checkpoint, or the given one."""
        if path is None:
            path = self.client.get_run(self.run_id).data.tags.get(runs.CKPT)
        if path is None:
            names = self.names()
            if not names:
                return None
            path = names[-1]
        return Path(self.client.download_artifacts(self.run_id, path))

    def index(self):
        """Write a small index for people."""
        text = json.dumps({"run": self.run_id, "files": self.names()}, indent=1)
        self.client.log_text(self.run_id, text, f"{self.folder}/index.json")


def best_checkpoint(client, experiment_id, metric, mode="min"):
    """Return the path of the checkpoint of the best run."""
    direction = "ASC" if mode == "min" else "DESC"
    candidates = client.search_runs(
        [experiment_id],
        f"attributes.status = 'FINISHED' and tags.`{runs.CKPT}` != ''",
        order_by=[f"metrics.`{metric}` {direction}"],
        max_results=1,
    )
    if not candidates:
        raise FileNotFoundError(metric)
    best = candidates[0]
    return CheckpointStore(client, best.info.run_id).fetch()


def drop_old(client, experiment_id, older_than_ms):
    """Delete failed runs that left no checkpoint."""
    for run in client.search_runs([experiment_id], "attributes.status = 'FAILED'"):
        if runs.CKPT not in run.data.tags and run.info.start_time < older_than_ms:
            client.delete_run(run.info.run_id)
