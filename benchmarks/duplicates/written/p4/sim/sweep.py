"""Parameter sweep: grid x seeds, each a child run below the sweep run."""
import itertools
import json
import logging
import uuid

import mlflow

import tracking
from sim.runner import simulate
from sim.world import SceneFactory

log = logging.getLogger("sweep")

GRID = {
    "friction": [0.3, 0.6, 0.9],
    "n_items": [5, 15, 30],
    "approach": ["top", "side"],
}


class Sweep:
    def __init__(self, robot, dataset, planner, seeds=3):
        self.robot = robot
        self.dataset = dataset
        self.planner = planner
        self.seeds = seeds
        self.sweep_id = uuid.uuid4().hex[:8]
        self.exp_id = tracking.activate("grasp/sweeps")

    def cells(self):
        keys = sorted(GRID)
        for values in itertools.product(*(GRID[k] for k in keys)):
            yield dict(zip(keys, values))

    def latest_sweep_run(self):
        """The parent of the last sweep on this dataset."""
        runs = tracking.client().search_runs(
            [self.exp_id],
            f"tags.level = 'sweep' and tags.{tracking.DATASET} = '{self.dataset}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def _cell(self, cell, seed):
        name = "-".join(f"{k}{v}" for k, v in cell.items()) + f"-s{seed}"
        with mlflow.start_run(run_name=name, nested=True):
            mlflow.set_tags({
                tracking.SWEEP: self.sweep_id,
                "level": "cell",
                "planner": self.planner.name,
                "seed": seed,
            })
            mlflow.log_params(cell)
            scene = SceneFactory(["box", "bottle", "bag"], seed).drop(cell["n_items"], cell["friction"])
            result = simulate(scene, self.planner, cell["approach"])
            tracking.log_dict_metrics(result)
            return result["success_rate"]

    def run(self):
        before = self.latest_sweep_run()
        with tracking.run(f"sweep-{self.sweep_id}", self.robot, self.dataset, level="sweep", sweep_id=self.sweep_id):
            mlflow.set_tag("camera_pose", json.dumps(self.planner.camera_pose))
            scores = []
            for cell in self.cells():
                for seed in range(self.seeds):
                    try:
                        scores.append(self._cell(cell, seed))
                    except RuntimeError as e:
                        log.error("%s seed %d: %s", cell, seed, e)
            mean = sum(scores) / max(len(scores), 1)
            mlflow.log_metric("success_rate", mean)
        if before is not None and mean < before.data.metrics.get("success_rate", 0) - 0.05:
            log.warning("regression: %.3f -> %.3f", before.data.metrics["success_rate"], mean)
        return mean
