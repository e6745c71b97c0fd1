"""Cross-validation of one trial."""

from statistics import mean
from typing import TYPE_CHECKING, Any, Mapping

import mlflow

from training.data import folds
from training.model import fit

if TYPE_CHECKING:
    from training.hpo.study import Sweep


def cross_validate(sweep: "Sweep", trial_run_id: str, params: Mapping[str, Any]) -> float:
    """The mean macro f1 over all folds; a nested run for each."""
    scores = []
    k = int(sweep.hpo.get("folds", 3))
    with mlflow.start_run(run_id=trial_run_id):
        for number, (train, valid) in enumerate(folds(len(sweep.examples), k, seed=13)):
            with mlflow.start_run(
                run_name=f"fold-{number}",
                nested=True,
                tags={"code.fold_idx": str(number), "code.fold_count": str(k)},
            ):
                metrics = fit(
                    sweep.backbone,
                    [sweep.examples[i] for i in train],
                    [sweep.examples[i] for i in valid],
                    sweep.labels,
                    params,
                    str(sweep.out / trial_run_id / f"fold{number}"),
                )
                mlflow.log_metrics(metrics)
                scores.append(metrics.get("macro-f1", 0.0))
    return mean(scores)
