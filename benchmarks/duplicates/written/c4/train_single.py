"""One policy, no sweep; only autologging."""

import mlflow

from gripper.config import PolicyConfig
from gripper.envs import make
from gripper.policy import train_policy


def main():
    mlflow.pytorch.autolog()
    mlflow.set_experiment("gripper-playground")
    with mlflow.start_run():
        mlflow.log_param("lr", PolicyConfig().lr)
        train_policy(
            make("pick", "mujoco"), PolicyConfig(), 0, 10_000, lambda s, r: mlflow.log_metric("rate", r, step=s)
        )


if __name__ == "__main__":
    main()
