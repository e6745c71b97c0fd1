"""Poor man's ray tune: random trials as children of one sweep run."""
import argparse
import json
import random
from concurrent.futures import ThreadPoolExecutor

import mlflow
from mlflow.tracking import MlflowClient
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME

SPACE = {
    "lr": lambda r: 10 ** r.uniform(-5, -3),
    "gamma": lambda r: r.choice([0.95, 0.98, 0.99, 0.995]),
    "width": lambda r: r.choice([64, 128, 256, 512]),
    "clip": lambda r: r.uniform(0.1, 0.3),
}


class Sweep:
    def __init__(self, task, algo, seed=0):
        self.task, self.algo = task, algo
        self.rng = random.Random(seed)
        self.client = MlflowClient()
        self.exp_id = self._experiment()
        self.parent = None

    def _experiment(self):
        e = mlflow.get_experiment_by_name("rlab/{}".format(self.task))
        if e is None:
            return mlflow.create_experiment(
                "rlab/{}".format(self.task), artifact_location="/nfs/rlab/mlruns/{}".format(self.task)
            )
        return e.experiment_id

    def open(self):
        self.parent = self.client.create_run(
            self.exp_id, tags={MLFLOW_RUN_NAME: f"sweep-{self.algo}", "rl.kind": "sweep", "rl.algo": self.algo}
        )
        return self.parent.info.run_id

    def _trial(self, number, config):
        tags = {
            MLFLOW_PARENT_RUN_ID: self.parent.info.run_id,
            MLFLOW_RUN_NAME: f"trial-{number:03d}",
            "rl.kind": "trial",
            "rl.trial": str(number),
        }
        return self.client.create_run(self.exp_id, tags=tags)

    def run_trial(self, number, objective):
        config = {k: draw(self.rng) for k, draw in SPACE.items()}
        run = self._trial(number, config)
        for k, v in config.items():
            self.client.log_param(run.info.run_id, k, v)
        try:
            for step, value in objective(self.task, config):
                self.client.log_metric(run.info.run_id, "eval/return", value, step=step)
        except Exception as exc:
            self.client.set_tag(run.info.run_id, "rl.error", repr(exc)[:250])
            self.client.set_terminated(run.info.run_id, "FAILED")
            return
        self.client.set_terminated(run.info.run_id)

    def finish(self):
        best = None
        for child in self.client.search_runs(
            self.exp_id, filter_string=f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{self.parent.info.run_id}'"
        ):
            score = child.data.metrics.get("eval/return")
            if score is None:
                continue
            if best is None or score > best.data.metrics["eval/return"]:
                best = child
        if best is not None:
            self.client.set_tag(self.parent.info.run_id, "rl.best_trial", best.info.run_id)
        self.client.set_terminated(self.parent.info.run_id)
        return best


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--task", default="peg")
    ap.add_argument("--algo", default="ppo")
    ap.add_argument("-n", type=int, default=20)
    ap.add_argument("-j", type=int, default=4)
    a = ap.parse_args()
    from rlab import objectives

    s = Sweep(a.task, a.algo)
    s.open()
    with ThreadPoolExecutor(a.j) as pool:
        list(pool.map(lambda i: s.run_trial(i, objectives.evaluate), range(a.n)))
    best = s.finish()
    print(json.dumps(best.data.params if best else {}, indent=1))


if __name__ == "__main__":
    main()
