"""One point of a sweep for each task of a Slurm array."""

import os

from mlflow import MlflowClient

from gaitlab.agent import Agent, Config
from gaitlab.envs import make

SIGMAS = [0.2, 0.5, 1.0]


def main():
    task = int(os.environ["SLURM_ARRAY_TASK_ID"])
    terrain = os.environ.get("TERRAIN", "flat")
    parent = os.environ["SWEEP_RUN_ID"]
    config = Config(sigma=SIGMAS[task % 3], seed=task // 3)
    client = MlflowClient()
    experiment_id = client.get_run(parent).info.experiment_id
    name = f"seed={config.seed},sigma={config.sigma}"
    tags = {"mlflow.runName": name, "mlflow.parentRunId": parent}
    tags.update({"sweep.point": name, "gait.terrain": terrain})
    run_id = client.create_run(experiment_id, tags=tags).info.run_id
    for key in ("algo", "population", "elite", "sigma", "decay", "seed"):
        client.log_param(run_id, key, getattr(config, key))
    client.set_tag(run_id, "slurm.job", os.environ.get("SLURM_JOB_ID", ""))
    agent = Agent(make(terrain), config)
    for step in range(100):
        for key, value in agent.improve().items():
            client.log_metric(run_id, key, value, step=step)
    client.set_terminated(run_id)


if __name__ == "__main__":
    main()
