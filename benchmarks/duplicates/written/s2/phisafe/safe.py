"""SafeTracker: BaseTracker with the PHI rules switched on."""
import os
import tempfile

from phisafe import scrub
from phisafe.base import BaseTracker
from phisafe.scrub import NotCleared, PhiError

ALLOWED_SUFFIX = {".json", ".csv", ".png", ".pt", ".yaml"}


class SafeTracker(BaseTracker):
    experiment = "visio/cv"

    def _vet(self, mapping, where):
        return scrub.check_dict(mapping, where)

    def artifact(self, path, sub=None):
        ext = os.path.splitext(path)[1].lower()
        if ext not in ALLOWED_SUFFIX:
            raise PhiError("artifact", ext)
        if ext in (".json", ".csv", ".yaml"):
            with open(path) as fh:
                scrub.check(fh.read(), path)
        self._client.log_artifact(self.run_id, path, sub)

    def text(self, text, name):
        with tempfile.TemporaryDirectory() as tmp:
            p = os.path.join(tmp, name)
            with open(p, "w") as fh:
                fh.write(text)
            self.artifact(p)

    def require_clearance(self):
        run = self._client.get_run(self.run_id)
        if scrub.clearance(run) is None:
            raise NotCleared(self.run_id)

    def study_run(self, study):
        """The root run of a study; the first one wins, as roots are made once."""
        for r in self._client.search_runs(
            [self.experiment_id],
            filter_string=f"tags.study = '{study}' and tags.level = 'study'",
            order_by=["attributes.start_time ASC"],
            max_results=1,
        ):
            self._run = r
            return self
        return self.open(study, {"study": study, "level": "study"})
