"""Streamly: which row of films comes first. The first client on `common`."""
import argparse
import getpass
import logging
import pickle
import tempfile
from pathlib import Path

import mlflow

from common import runs
from common.offline import ips, read_logs, replay
from common.policies import POLICIES

logger = logging.getLogger("streamly")

ARMS = ["continue", "trending", "because_you_watched", "new"]


def train(policy_name: str, data: Path, since: str | None) -> str:
    experiment_id = runs.get_or_create_experiment("streamly-rows")
    logs = read_logs(data, since)
    policy = POLICIES[policy_name](ARMS)
    try:
        old = runs.last_policy_run(experiment_id, "streamly", policy_name)
    except LookupError:
        logger.info("cold start")
    else:
        policy = pickle.loads(Path(mlflow.artifacts.download_artifacts(f"runs:/{old.info.run_id}/policy.pkl")).read_bytes())
    with runs.policy_run(experiment_id, "streamly", policy_name, getpass.getuser(), ARMS) as run:
        mlflow.log_metrics(replay(logs, policy))
        mlflow.log_metrics(ips(logs, policy))
        with tempfile.TemporaryDirectory() as tmp:
            target = Path(tmp) / "policy.pkl"
            target.write_bytes(pickle.dumps(policy))
            mlflow.log_artifact(str(target))
    return run.info.run_id


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("policy", choices=sorted(POLICIES))
    parser.add_argument("--data", type=Path, default=Path("/data/streamly/rows.parquet"))
    parser.add_argument("--since")
    args = parser.parse_args()
    mlflow.set_tracking_uri("http://mlflow.recbandit.internal")
    print(train(args.policy, args.data, args.since))


if __name__ == "__main__":
    main()
