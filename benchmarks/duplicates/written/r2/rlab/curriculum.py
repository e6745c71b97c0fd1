"""Curriculum trainer: each stage is a run, the next starts from the policy of the one before."""
import logging
from typing import Optional

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from .mlf import Store
from .tasks import Stage, next_stage, stage_names

logger = logging.getLogger(__name__)


class Curriculum:
    def __init__(self, task: str, seed: int, store: Optional[Store] = None):
        self.task = task
        self.seed = seed
        self.store = store or Store()
        self._client: MlflowClient = self.store.client

    def last_finished(self) -> Optional[Run]:
        """Newest finished stage of this seed."""
        query = " and ".join(
            [
                "tags.`rl.algo` = 'curriculum'",
                f"tags.`rl.seed` = '{self.seed}'",
                "attributes.status = 'FINISHED'",
            ]
        )
        result = self._client.search_runs(
            [self.store.experiment(self.task)], query, order_by=["attributes.end_time DESC"], max_results=1
        )
        return result[0] if len(result) else None

    def run_of_stage(self, stage: str) -> Optional[Run]:
        result = self._client.search_runs(
            [self.store.experiment(self.task)],
            f"tags.`rl.stage` = '{stage}' and tags.`rl.seed` = '{self.seed}' and attributes.status = 'FINISHED'",
            order_by=["attributes.end_time DESC"],
            max_results=1,
        )
        return result[0] if len(result) else None

    def position(self) -> int:
        """How many stages are done, read from the tags of the last one."""
        run = self.last_finished()
        if run is None:
            return 0
        stage = run.data.tags.get("rl.stage")
        if stage not in stage_names(self.task):
            logger.warning("run %s has an unknown stage %r", run.info.run_id, stage)
            return 0
        return stage_names(self.task).index(stage) + 1

    def start(self, stage: Stage, warm: Optional[Run]):
        tags = {
            "rl.task": self.task,
            "rl.algo": "curriculum",
            "rl.seed": str(self.seed),
            "rl.stage": stage.name,
        }
        if warm is not None:
            tags["rl.warm_start"] = warm.info.run_id
        return mlflow.start_run(
            experiment_id=self.store.experiment(self.task), run_name=f"{stage.name}-s{self.seed}", tags=tags
        )

    def advance(self, train) -> bool:
        warm = self.last_finished()
        current = warm.data.tags["rl.stage"] if warm else None
        stage = next_stage(self.task, current)
        if stage is None:
            logger.info("%s, seed %d: curriculum is complete", self.task, self.seed)
            return False
        with self.start(stage, warm):
            policy = None
            if warm is not None:
                policy = mlflow.pytorch.load_model(f"runs:/{warm.info.run_id}/policy")
            success, policy = train(stage, policy, self.seed)
            mlflow.log_metric("success", success)
            mlflow.pytorch.log_model(policy, "policy")
            if success < stage.success:
                raise RuntimeError(f"{stage.name} reached only {success:.2f}")
        return True
