"""One site: opens the site run, the fold runs below, submits a Slurm array over the seeds."""
import argparse
import logging
import subprocess
import time

import mlflow
from mlflow.tracking import MlflowClient

from phisafe import SafeTracker
from train.data import SITES

log = logging.getLogger("site_run")
SBATCH = "sbatch --parsable --requeue --array=0-{n} --export=ALL,FOLD={fold},FOLD_RUN={rid} job.sh"


class SiteRun:
    def __init__(self, study, site, k=5, seeds=3):
        self.mlf = MlflowClient()
        self.study = study
        self.site = site
        self.k = k
        self.seeds = seeds
        self.root = SafeTracker().study_run(study)

    def _open_fold(self, site_run_id, fold):
        exp = self.mlf.get_run(site_run_id).info.experiment_id
        r = self.mlf.create_run(
            experiment_id=exp,
            start_time=int(time.time() * 1000),
            tags={
                "mlflow.parentRunId": site_run_id,
                "mlflow.runName": f"{self.site}-fold{fold}",
                "level": "fold",
                "study": self.study,
                "site": self.site,
                "fold": str(fold),
            },
        )
        return r.info.run_id

    def _existing_fold(self, site_run_id, fold):
        for r in self.mlf.search_runs(
            [self.mlf.get_run(site_run_id).info.experiment_id],
            f"tags.`mlflow.parentRunId` = '{site_run_id}' and tags.level = 'fold'",
        ):
            if r.data.tags.get("fold") == str(fold):
                return r.info.run_id
        return None

    def submit(self, fold, run_id):
        cmd = SBATCH.format(n=self.seeds - 1, fold=fold, rid=run_id)
        out = subprocess.run(cmd.split(), capture_output=True, text=True)
        if out.returncode:
            raise RuntimeError(out.stderr)
        return out.stdout.strip().split(";")[0]

    def go(self):
        site = self.root.child(self.site, "site", site=self.site)
        for fold in range(self.k):
            rid = self._existing_fold(site.run_id, fold) or self._open_fold(site.run_id, fold)
            job = self.submit(fold, rid)
            self.mlf.set_tag(rid, "slurm.array", job)
            log.info("%s fold %d: job %s", self.site, fold, job)
        site.close()


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("study")
    p.add_argument("--site", choices=SITES, required=True)
    a = p.parse_args()
    mlflow.set_tracking_uri("https://mlflow.visio.example")
    SiteRun(a.study, a.site).go()
