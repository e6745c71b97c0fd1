# petcare: order of the tips in the newsletter (copied from novamart, 2024)
import getpass
import json
import os
import pickle
import sys
from datetime import datetime

import mlflow
from mlflow.exceptions import MlflowException

from common.offline import cumulative_regret, ips, read_logs, replay
from common.policies import POLICIES

CLIENT = "petcare"
EXPERIMENT = "petcare-tips"
DEFAULT_ARMS = ["dog", "cat", "rodent"]


class PetcareTrainer:
    def __init__(self, policy, arms=None):
        self.policy_name = policy
        self.arms = arms or DEFAULT_ARMS
        self.tracking = mlflow.MlflowClient()

    def experiment(self):
        try:
            return self.tracking.create_experiment(EXPERIMENT)
        except MlflowException:
            return self.tracking.get_experiment_by_name(EXPERIMENT).experiment_id

    def last(self):
        """Newest good run with this policy."""
        where = []
        where.append(f"tags.policy = '{self.policy_name}'")
        where.append(f"tags.client = '{CLIENT}'")
        where.append("attributes.status = 'FINISHED'")
        res = self.tracking.search_runs(
            experiment_ids=[self.experiment()],
            filter_string=" AND ".join(where),
            order_by=["start_time DESC"],
            max_results=1,
        )
        if len(res) < 1:
            raise RuntimeError("nothing to go on from")
        return res[0]

    def last_failure(self):
        """Newest broken run with this policy."""
        where = []
        where.append(f"tags.policy = '{self.policy_name}'")
        where.append(f"tags.client = '{CLIENT}'")
        where.append("attributes.status = 'FAILED'")
        res = self.tracking.search_runs(
            experiment_ids=[self.experiment()],
            filter_string=" AND ".join(where),
            order_by=["start_time DESC"],
            max_results=1,
        )
        if len(res) < 1:
            return None
        return res[0]

    def tags(self):
        month = datetime.now().strftime("%Y%m")
        t = dict(client=CLIENT, policy=self.policy_name, consultant=getpass.getuser())
        t["arms"] = json.dumps(self.arms)
        t["billing"] = "-".join([CLIENT.upper(), month])
        return t

    def run(self, logs, warm=False):
        policy = POLICIES[self.policy_name](self.arms)
        if warm:
            run_id = self.last().info.run_id
            with open(mlflow.artifacts.download_artifacts(f"runs:/{run_id}/policy.pkl"), "rb") as fh:
                policy = pickle.load(fh)
        stamp = int(datetime.now().timestamp())
        active = mlflow.start_run(
            experiment_id=self.experiment(), run_name=f"{self.policy_name}-{stamp}", tags=self.tags()
        )
        try:
            mlflow.log_metrics(replay(logs, policy))
            mlflow.log_metrics(ips(logs, policy))
            mlflow.log_metric("regret", cumulative_regret(logs, self.arms[0]))
            with open("policy.pkl", "wb") as fh:
                pickle.dump(policy, fh)
            mlflow.log_artifact("policy.pkl")
        except Exception as err:
            mlflow.set_tag("failure", f"{err}"[:250])
            mlflow.end_run("FAILED")
            raise
        mlflow.end_run()
        os.remove("policy.pkl")
        return active.info.run_id


if __name__ == "__main__":
    trainer = PetcareTrainer(sys.argv[1])
    print(trainer.run(read_logs("/data/petcare/tips.parquet"), warm="--warm" in sys.argv))
