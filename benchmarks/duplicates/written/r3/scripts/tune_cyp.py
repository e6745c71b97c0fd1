"""CYP3A4 inhibition, hyper-parameters."""
import logging

import mlflow
import numpy as np

from molprop.chem import fingerprints, scaffold_folds
from molprop.models import ForestSpec
from molprop.tracking import RunTree
from molprop.tracking.study import Study
from molprop.utils import best_study, load_assay
from scripts.cv_herg import fit_fold

LOGGER = logging.getLogger(__name__)


def objective_for(df):
    X, y = fingerprints(df.smiles), df.y.to_numpy()
    folds = scaffold_folds(list(df.smiles), 4)

    def objective(trial):
        spec = ForestSpec(
            n_estimators=trial.suggest_int("n_estimators", 100, 1200),
            max_features=trial.suggest_float("max_features", 0.05, 0.6),
            min_samples_leaf=trial.suggest_int("min_samples_leaf", 1, 12),
        )
        return float(np.mean([fit_fold(spec, X, y, t)["rmse"] for t in folds]))

    return objective


def winner_of(tree, study_id):
    """params of the trial with the least error"""
    frame = mlflow.search_runs(
        experiment_ids=[tree.experiment_id], filter_string=f"tags.`mlflow.parentRunId` = '{study_id}'"
    )
    frame = frame[frame["status"] == "FINISHED"]
    if frame.empty:
        raise ValueError("no trial was finished in " + study_id)
    row = frame.sort_values("metrics.cv_rmse").iloc[0]
    return {c[len("params."):]: v for c, v in row.items() if c.startswith("params.") and v is not None}


def main():
    tree = RunTree("cyp3a4", "pic50")
    df = load_assay("cyp3a4")
    study = Study(tree, "cyp-forest")
    study.optimize(objective_for(df), 40)
    LOGGER.info("winner: %s", winner_of(tree, study.run_id))
    best = best_study(tree.experiment_id)
    if best is not None and best.data.metrics["cv_rmse"] < study.best_value:
        LOGGER.warning("plain cross-validation in %s was better", best.info.run_name)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    main()
