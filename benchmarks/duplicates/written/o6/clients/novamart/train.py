# novamart: bandit for the banner on the start page
# usage: python train.py eps 2023-05-01
import json
import os
import pickle
import sys
import time

import mlflow
from mlflow.tracking import MlflowClient

sys.path.append(os.path.join(os.path.dirname(__file__), "..", ".."))

from common.offline import ips, read_logs, replay  # noqa: E402
from common.policies import POLICIES  # noqa: E402

CLIENT = "novamart"
EXPERIMENT = "novamart-banner"
CONSULTANT = os.environ.get("USER", "unknown")
ARMS = ["spring", "clearance", "grocery", "loyalty"]
LOGS = "/data/novamart/banner.parquet"

mlflow.set_tracking_uri("http://10.20.0.4:5000")


def get_or_create_experiment(name):
    experiment = mlflow.get_experiment_by_name(name)
    if experiment is None:
        experiment_id = mlflow.create_experiment(name)
    else:
        experiment_id = experiment.experiment_id
    return experiment_id


def previous(experiment_id, policy):
    """to start warm"""
    df = mlflow.search_runs(
        [experiment_id],
        filter_string="tags.client = 'novamart' and tags.policy = '%s'" % policy,
    )
    df = df[df.status == "FINISHED"] if len(df) else df
    if len(df) == 0:
        return None
    return df.sort_values("start_time", ascending=False).iloc[0].run_id


def main():
    policy_name, since = sys.argv[1:3]
    experiment_id = get_or_create_experiment(EXPERIMENT)
    old = previous(experiment_id, policy_name)
    logs = read_logs(LOGS, since)
    if policy_name == "linucb":
        policy = POLICIES[policy_name](ARMS, dim=len(logs["x"].iloc[0]))
    else:
        policy = POLICIES[policy_name](ARMS)
    if old is not None:
        path = MlflowClient().download_artifacts(old, "policy.pkl")
        with open(path, "rb") as f:
            policy = pickle.load(f)

    with mlflow.start_run(experiment_id=experiment_id, run_name="%s-%d" % (policy_name, time.time())) as run:
        mlflow.set_tag("client", CLIENT)
        mlflow.set_tag("policy", policy_name)
        mlflow.set_tag("consultant", CONSULTANT)
        mlflow.set_tag("arms", json.dumps(ARMS))
        mlflow.set_tag("billing", "NOVAMART-" + time.strftime("%Y%m"))
        mlflow.log_param("since", since)
        mlflow.log_param("rows", len(logs))
        mlflow.log_param("warm", old is not None)
        try:
            mlflow.log_metrics(replay(logs, policy))
            mlflow.log_metrics(ips(logs, policy))
        except Exception as e:
            mlflow.set_tag("failure", str(e)[:250])
            raise
        with open("/tmp/policy.pkl", "wb") as f:
            pickle.dump(policy, f)
        mlflow.log_artifact("/tmp/policy.pkl")
        print(run.info.run_id)


if __name__ == "__main__":
    main()
