"""Prompt versions: text in the registry, usage in runs."""
import difflib
import hashlib
import string

import mlflow
from mlflow.tracking import MlflowClient


class PromptStore:
    def __init__(self, experiment="prompts"):
        self.client = MlflowClient()
        self.experiment = experiment

    @staticmethod
    def variables(template):
        return sorted({f for _, f, _, _ in string.Formatter().parse(template) if f})

    @staticmethod
    def digest(template):
        return hashlib.sha256(template.encode("utf8")).hexdigest()[:16]

    def _eid(self):
        e = self.client.get_experiment_by_name(self.experiment)
        if e is None:
            raise KeyError(self.experiment)
        return e.experiment_id

    def register(self, name, template, note=""):
        d = self.digest(template)
        if self.lookup(name, d) is not None:
            return d
        with mlflow.start_run(experiment_id=self._eid(), run_name=f"prompt/{name}"):
            mlflow.set_tag("prompt.name", name)
            mlflow.set_tag("prompt.digest", d)
            mlflow.set_tag("prompt.variables", ",".join(self.variables(template)))
            mlflow.set_tag("prompt.note", note)
            mlflow.log_text(template, "template.txt")
        return d

    def lookup(self, name, digest):
        hits = self.client.search_runs(
            [self._eid()], f"tags.`prompt.name` = '{name}' and tags.`prompt.digest` = '{digest}'", max_results=1
        )
        return hits[0] if hits else None

    def current(self, name):
        """Last registered version of a prompt."""
        hits = self.client.search_runs(
            [self._eid()], f"tags.`prompt.name` = '{name}'", order_by=["start_time DESC"], max_results=1
        )
        if not hits:
            raise KeyError(name)
        return hits[0]

    def text(self, run):
        return mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/template.txt")

    def history(self, name):
        return [
            (r.data.tags["prompt.digest"], r.info.start_time)
            for r in self.client.search_runs([self._eid()], f"tags.`prompt.name` = '{name}'", order_by=["start_time ASC"])
        ]

    def diff(self, name):
        h = self.history(name)
        if len(h) < 2:
            return ""
        old, new = (self.text(self.lookup(name, d)) for d, _ in h[-2:])
        return "\n".join(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm=""))
