"""The tracking layer. All new code should go through EvalStore."""

import logging
from typing import List, Optional, Tuple

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

from assaydesk.schema import Prompt, Suite

logger = logging.getLogger(__name__)

TAG_SUITE = "assay.suite"
TAG_BASELINE = "assay.baseline"
TAG_PROMPT = "assay.prompt"
TAG_JUDGE = "assay.judge"
TAG_MODEL = "assay.model"
TAG_LEVEL = "assay.level"


class EvalStore:
    def __init__(self, client: Optional[MlflowClient] = None) -> None:
        self.client = client or MlflowClient()

    def experiment(self, suite: Suite) -> str:
        found = self.client.get_experiment_by_name(suite.experiment)
        if found is not None:
            return found.experiment_id
        return self.client.create_experiment(suite.experiment, tags={"team": "assay"})

    def open_suite(self, suite: Suite) -> Run:
        return self.client.create_run(
            self.experiment(suite),
            run_name=f"suite-{suite.name}",
            tags={TAG_SUITE: suite.name, TAG_LEVEL: "suite", TAG_JUDGE: suite.judge},
        )

    def open_evaluation(self, parent: Run, suite: Suite, prompt: Prompt, model: str) -> Run:
        tags = {
            MLFLOW_PARENT_RUN_ID: parent.info.run_id,
            TAG_SUITE: suite.name,
            TAG_LEVEL: "evaluation",
            TAG_PROMPT: prompt.key,
            TAG_JUDGE: suite.judge,
            TAG_MODEL: model,
        }
        return self.client.create_run(parent.info.experiment_id, tags=tags, run_name=f"{prompt.key}-{model}")

    def baseline(self, experiment_id: str, suite: str) -> Optional[Run]:
        where = f"tags.`{TAG_SUITE}` = '{suite}' AND tags.`{TAG_BASELINE}` = 'true' AND attributes.status = 'FINISHED'"
        page = self.client.search_runs([experiment_id], where, order_by=["attributes.start_time DESC"], max_results=1)
        if not page:
            logger.info("%s has no baseline", suite)
            return None
        return page[0]

    def evaluations(self, suite_run: Run) -> List[Run]:
        return list(
            self.client.search_runs(
                [suite_run.info.experiment_id], f"tags.`mlflow.parentRunId` = '{suite_run.info.run_id}'"
            )
        )

    def make_baseline(self, run_id: str) -> None:
        self.client.set_tag(run_id, TAG_BASELINE, "true")

    def close(self, run: Run, ok: bool) -> None:
        self.client.set_terminated(run.info.run_id, "FINISHED" if ok else "FAILED")


def judge_of(run: Run) -> Tuple[str, int]:
    """Name and version of the judge that scored a run."""
    spec = run.data.tags.get(TAG_JUDGE, "correctness@1")
    name, _, version = spec.partition("@")
    return name, int(version or 1)
