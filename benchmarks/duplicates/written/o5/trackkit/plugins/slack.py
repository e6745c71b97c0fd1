"""Posts to the channel of the team when a run beats the best one."""
import json
import logging
import os
import urllib.request

import mlflow
from mlflow import MlflowClient

from trackkit.plugins.base import Plugin

log = logging.getLogger(__name__)


class SlackPlugin(Plugin):
    name = "slack"

    def __init__(self):
        self.hook = os.environ.get("TRACKKIT_SLACK_HOOK")
        self.metric = os.environ.get("TRACKKIT_SLACK_METRIC", "score")
        self.lower_is_better = os.environ.get("TRACKKIT_SLACK_LOWER") == "1"

    def _record(self, experiment_id):
        """Best finished run of the experiment so far."""
        runs = mlflow.search_runs([experiment_id], "status = 'FINISHED'", output_format="list")
        runs = [r for r in runs if self.metric in r.data.metrics]
        if not runs:
            return None
        runs.sort(key=lambda r: r.data.metrics[self.metric], reverse=not self.lower_is_better)
        return runs[0]

    def on_end(self, run, status):
        if not self.hook or status != "FINISHED":
            return
        mine = MlflowClient().get_run(run.info.run_id).data.metrics.get(self.metric)
        record = self._record(run.info.experiment_id)
        if mine is None:
            return
        if record is None or self._beats(mine, record.data.metrics[self.metric]):
            self._post(f"new record of {self.metric}: {mine:.4f} ({run.info.run_name})")

    def _beats(self, a, b):
        return a < b if self.lower_is_better else a > b

    def _post(self, text):
        body = json.dumps({"text": text}).encode()
        request = urllib.request.Request(self.hook, body, {"Content-Type": "application/json"})
        try:
            urllib.request.urlopen(request, timeout=5)
        except OSError as exc:
            log.warning("slack: %s", exc)
