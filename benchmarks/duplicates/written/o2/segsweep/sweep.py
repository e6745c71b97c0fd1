"""a sweep: parent run, one job per point of the grid"""
import argparse
import getpass
import json
import logging
import time

import mlflow
from mlflow.tracking import MlflowClient

from segsweep import config, resume, slurm

logger = logging.getLogger("segsweep.sweep")


class Sweep:
    def __init__(self, name, base, space):
        self.name = name
        self.base = base
        self.space = space
        self.client = MlflowClient()
        self.parent_id = None
        self.experiment_id = None

    def open(self):
        cfg = config.load(self.base)
        self.experiment_id = config.open_experiment(cfg["cohort"])
        found = self.client.search_runs(
            [self.experiment_id],
            f"tags.sweep = '{self.name}' and tags.kind = 'sweep'",
            max_results=1,
        )
        if found:
            self.parent_id = found[0].info.run_id
            logger.info("sweep %s goes on", self.name)
            return self
        with mlflow.start_run(
            run_name=self.name,
            tags={"sweep": self.name, "kind": "sweep", "who": getpass.getuser()},
        ) as run:
            mlflow.log_dict(self.space, "space.json")
            self.parent_id = run.info.run_id
        return self

    def pending(self):
        done = resume.finished_trials(self.parent_id, self.experiment_id)
        for point in config.grid(self.space):
            overrides = [f"{k}={json.dumps(v)}" for k, v in point.items()]
            key = config.trial_key(config.load(self.base, overrides))
            if key not in done:
                yield key, overrides

    def launch(self, limit=50):
        jobs = {}
        for key, overrides in self.pending():
            if len(jobs) >= limit:
                break
            # is it queued or running already?
            prior = [
                r
                for r in self.client.search_runs([self.experiment_id], f"tags.trial_key = '{key}'")
            ]
            prior.sort(key=lambda r: r.info.start_time, reverse=True)
            if prior:
                job = prior[0].data.tags.get("slurm.job_id")
                if job and slurm.alive(job):
                    continue
            args = [self.base, "--parent", self.parent_id, *overrides]
            jobs[key] = slurm.submit(f"{self.name}-{len(jobs)}", args)
        return jobs

    def best_child(self, metric="val_dice"):
        """the finished trial with the highest val_dice"""
        runs = self.client.search_runs(
            [self.experiment_id],
            filter_string=(
                f"tags.`mlflow.parentRunId` = '{self.parent_id}' and attributes.status = 'FINISHED'"
            ),
            order_by=[f"metrics.{metric} DESC"],
            max_results=1,
        )
        if not runs:
            return None
        return runs[0]

    def close(self):
        best = self.best_child()
        if best is None:
            logger.warning("nothing finished in %s", self.name)
            return
        self.client.set_tag(self.parent_id, "best_trial", best.info.run_id)
        self.client.set_tag(self.parent_id, "best_key", best.data.tags["trial_key"])
        self.client.set_tag(self.parent_id, "best_dice", f"{best.data.metrics['val_dice']:.4f}")
        self.client.set_terminated(self.parent_id)


def watch(sweep, every=600):
    while True:
        jobs = sweep.launch()
        left = sum(1 for _ in sweep.pending())
        logger.info("%d submitted, %d left", len(jobs), left)
        if not left:
            break
        time.sleep(every)
    sweep.close()


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("name")
    ap.add_argument("base")
    ap.add_argument("space", type=argparse.FileType())
    a = ap.parse_args()
    watch(Sweep(a.name, a.base, json.load(a.space)).open())
