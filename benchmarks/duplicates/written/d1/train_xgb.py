# xgb version (kostas). Runs on the GPU box, hence the client and no context managers:
# the notebook server there kept leaving active runs behind
import time

import xgboost as xgb
from mlflow.tracking import MlflowClient

import config as C
import features
from utils import folds, git_sha, init_mlflow, rmsle

client = MlflowClient("http://127.0.0.1:5000")


def start_parent(exp_id):
    tags = dict(family="xgb", seed=str(C.SEED))
    tags["git"] = git_sha()
    tags["features"] = C.FEATURES_VERSION
    tags["n_folds"] = str(C.N_FOLDS)
    tags["mlflow.runName"] = time.strftime("xgb-%m%d-%H%M")
    return client.create_run(exp_id, tags=tags).info.run_id


def start_fold(exp_id, parent_id, k, first_day):
    t = {"mlflow.parentRunId": parent_id, "mlflow.runName": "fold%d" % k}
    t["fold"] = str(k)
    t["valid_from"] = str(first_day)[:10]
    run = client.create_run(exp_id, tags=t)
    return run.info.run_id


def main():
    exp_id = init_mlflow()
    df = features.build()
    df = df[df[C.TARGET].notna()].reset_index(drop=True)
    cols = features.columns(df)
    pid = start_parent(exp_id)
    for key, value in C.XGB_PARAMS.items():
        client.log_param(pid, key, value)
    total, open_runs, status = 0.0, [pid], "FAILED"
    try:
        for k, tr, va in folds(df["date"].values):
            rid = start_fold(exp_id, pid, k, df["date"].values[va].min())
            dtr = xgb.DMatrix(df.iloc[tr][cols], df.iloc[tr][C.TARGET])
            dva = xgb.DMatrix(df.iloc[va][cols], df.iloc[va][C.TARGET])
            bst = xgb.train(
                dict(C.XGB_PARAMS, tree_method="gpu_hist"),
                dtr,
                3000,
                evals=[(dva, "va")],
                early_stopping_rounds=80,
                verbose_eval=200,
            )
            s = rmsle(df.iloc[va][C.TARGET].values, bst.predict(dva))
            client.log_metric(rid, "rmsle", s)
            fn = str(C.OUT / f"xgb_fold{k}.json")
            bst.save_model(fn)
            client.log_artifact(rid, fn)
            open_runs.append(rid)
            total += s
        client.log_metric(pid, "cv_rmsle", total / C.N_FOLDS)
        status = "FINISHED"
    finally:
        for rid in open_runs:
            client.set_terminated(rid, status)


if __name__ == "__main__":
    main()
