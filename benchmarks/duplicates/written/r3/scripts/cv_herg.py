"""5-fold scaffold CV for hERG (new way, RunTree)"""
import argparse
import logging

import mlflow
import numpy as np

from molprop.chem import dataset_hash, fingerprints, scaffold_folds
from molprop.models import ForestSpec, SvrSpec, r2, rmse
from molprop.tracking import Lineage, RunTree
from molprop.tracking.lineage import LineageIndex
from molprop.utils import load_assay

log = logging.getLogger("cv_herg")
SPECS = {"forest": ForestSpec, "svr": SvrSpec}


def fit_fold(spec, X, y, test):
    train = np.setdiff1d(np.arange(len(y)), test)
    model = spec.build().fit(X[train], y[train])
    pred = model.predict(X[test])
    return {"rmse": rmse(y[test], pred), "r2": r2(y[test], pred)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--spec", choices=SPECS, default="forest")
    parser.add_argument("--force", action="store_true")
    opts = parser.parse_args()
    df = load_assay("herg")
    tree = RunTree("herg", "pic50")
    lineage = Lineage(dataset_hash(df), "scaffold", "herg")
    known = LineageIndex(tree.client, tree.experiment_id).newest(lineage)
    if known is not None and not opts.force:
        log.info("done before: %s", known.info.run_id)
        return
    X, y = fingerprints(df.smiles), df.y.to_numpy()
    folds = scaffold_folds(list(df.smiles), 5)
    with tree.study(f"herg-{opts.spec}"), tree.split(lineage):
        scores = []
        for i, test in enumerate(folds):
            with tree.fold(i, len(folds)):
                m = fit_fold(SPECS[opts.spec](), X, y, test)
                mlflow.log_metrics(m)
                scores.append(m["rmse"])
        mlflow.log_metric("cv_rmse", float(np.mean(scores)))


if __name__ == "__main__":
    main()
