#!/usr/bin/env python
# solubility, random split + scaffold split. Lena
import sys
import mlflow
import numpy as np
from mlflow.tracking import MlflowClient
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import KFold

sys.path.insert(0, ".")
from molprop.chem import dataset_hash, fingerprints, scaffold_folds
from molprop.utils import commit, load_assay

N_FOLDS = 5
TARGET = "solubility"
client = MlflowClient()


def experiment():
    for e in client.search_experiments(filter_string="name = '%s/logs'" % TARGET):
        return e.experiment_id
    return client.create_experiment(TARGET + "/logs", tags={"target": TARGET, "endpoint": "logs"})


def already(exp_id, digest, split):
    df = mlflow.search_runs([exp_id], filter_string="attributes.status = 'FINISHED'", order_by=["start_time DESC"])
    if "tags.molprop.dataset" not in df:
        return None
    same = df[
        (df["tags.molprop.dataset"] == digest)
        & (df["tags.molprop.split"] == split)
        & (df["tags.molprop.commit"] == commit())
    ]
    return None if same.empty else same.iloc[0].run_id


def splits(df, how):
    if how == "scaffold":
        return scaffold_folds(list(df.smiles), N_FOLDS)
    return [te for _, te in KFold(N_FOLDS, shuffle=True, random_state=3).split(df)]


def main():
    df = load_assay("esol")
    X, y = fingerprints(df.smiles), df.y.to_numpy()
    digest = dataset_hash(df)
    exp_id = experiment()
    for how in ("random", "scaffold"):
        run_id = already(exp_id, digest, how)
        if run_id:
            print(how, "already in", run_id)
            continue
        with mlflow.start_run(experiment_id=exp_id, run_name="split-" + how):
            mlflow.set_tag("molprop.level", "split")
            mlflow.set_tag("molprop.dataset", digest)
            mlflow.set_tag("molprop.split", how)
            mlflow.set_tag("molprop.target", TARGET)
            mlflow.set_tag("molprop.commit", commit())
            errs = []
            for k, test in enumerate(splits(df, how)):
                with mlflow.start_run(experiment_id=exp_id, run_name="fold-%d" % k, nested=True):
                    mlflow.set_tags({"molprop.level": "fold", "molprop.fold": k, "molprop.folds": N_FOLDS})
                    train = np.setdiff1d(np.arange(len(y)), test)
                    model = RandomForestRegressor(500, n_jobs=-1).fit(X[train], y[train])
                    err = np.sqrt(np.mean((model.predict(X[test]) - y[test]) ** 2))
                    mlflow.log_metric("rmse", err)
                    errs.append(err)
            mlflow.log_metric("cv_rmse", np.mean(errs))
            print(how, "%.3f +- %.3f" % (np.mean(errs), np.std(errs)))


if __name__ == "__main__":
    main()
