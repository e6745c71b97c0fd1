"""lena's thin layer"""
import mlflow
from mlflow.tracking import MlflowClient


class Tracker:
    def __init__(self, experiment):
        self.c = MlflowClient()
        found = self.c.get_experiment_by_name(experiment)
        self.eid = found.experiment_id if found is not None else self.c.create_experiment(experiment)

    def for_subject(self, subject):
        hits = [
            r
            for r in self.c.search_runs([self.eid], order_by=["attributes.start_time DESC"])
            if r.data.tags.get("neuro.subject") == str(subject)
        ]
        return hits[0] if hits else None

    def by_pipeline(self, h):
        q = self.c.search_runs([self.eid], "tags.`neuro.pipeline` = '%s'" % h)
        newest = sorted(q, key=lambda r: r.info.start_time)[-1:]
        for r in newest:
            return r
        return None

    def best(self):
        runs = [r for r in self.c.search_runs([self.eid]) if "accuracy" in r.data.metrics]
        return max(runs, key=lambda r: r.data.metrics["accuracy"]) if runs else None

    def subject(self, parent_id, subject, session):
        return mlflow.start_run(
            experiment_id=self.eid,
            run_name=f"sub-{subject}",
            nested=True,
            parent_run_id=parent_id,
            tags={"neuro.subject": subject, "neuro.session": session},
        )

    def group(self, name, subject="all", session="01", scanner="biosemi", prep=""):
        run = mlflow.start_run(experiment_id=self.eid, run_name=name)
        for k, v in dict(subject=subject, session=session, scanner=scanner, prep=prep).items():
            mlflow.set_tag("neuro." + k, v)
        return run
