"""Show the best agent in a window of text."""

import mlflow

from gaitlab.agent import Agent, Config
from gaitlab.checkpoints import load_into
from gaitlab.envs import make
from gaitlab.experiment import Experiment

TERRAIN = "stairs"

best = mlflow.search_runs(
    experiment_names=["gaitlab"],
    filter_string=f"tags.`gait.terrain` = '{TERRAIN}' AND tags.`gait.algo` = 'cem'",
    order_by=["metrics.return_max DESC"],
    max_results=1,
    output_format="list",
)[0]
print("most stable:", Experiment("gaitlab", TERRAIN).most_stable("cem"))

agent = Agent(make(TERRAIN, limit=200), Config())
load_into(agent, best)
total, length = agent.episode(agent.mean)
print(f"{length} steps, return {total:.2f}")
