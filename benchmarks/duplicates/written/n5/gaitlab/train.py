"""The training loop."""

from __future__ import annotations

from gaitlab.agent import Agent, Config
from gaitlab.callbacks import EarlyStop
from gaitlab.checkpoints import checkpoint_of, load_into
from gaitlab.envs import make
from gaitlab.experiment import Experiment
from gaitlab.logger import MLflowLogger


def train(terrain: str, config: Config, steps: int = 200, experiment: str = "gaitlab") -> float:
    """Train an agent; goes on from the checkpoint of the same seed if there is one."""
    lab = Experiment(experiment, terrain)
    agent = Agent(make(terrain), config)
    before = lab.run_of_seed(config.algo, config.seed)
    begin = 0
    if before is not None and (found := checkpoint_of(before)):
        load_into(agent, before)
        begin = found[0]
    stop = EarlyStop()
    with lab.start(config, **({"gait.from": before.info.run_id} if before else {})) as run:
        logger = MLflowLogger(run.info.run_id)
        best = float("-inf")
        for step in range(begin, begin + steps):
            values = agent.improve()
            logger.log(step, values)
            best = max(best, values["return_max"])
            if step % 50 == 0:
                logger.checkpoint(step, agent.dumps())
            if stop(values["return_max"]):
                break
        logger.flush()
    return best
