"""All in one file, to copy from. It uses nothing of the tracking modules."""

import socket
import subprocess

import mlflow

from gaitlab.agent import Agent, Config
from gaitlab.envs import make

TERRAIN = "slope"
cfg = Config(seed=7)

mlflow.set_experiment("gaitlab-examples")
tags = {"host": socket.gethostname()}
tags["commit"] = subprocess.check_output(["git", "rev-parse", "HEAD"]).decode().strip()
tags["gait.terrain"] = TERRAIN
tags["gait.algo"] = cfg.algo
tags["gait.seed"] = str(cfg.seed)
with mlflow.start_run(run_name=f"{cfg.algo}-{TERRAIN}-s{cfg.seed}", tags=tags):
    agent = Agent(make(TERRAIN), cfg)
    for i in range(100):
        mlflow.log_metrics(agent.improve(), step=i)
