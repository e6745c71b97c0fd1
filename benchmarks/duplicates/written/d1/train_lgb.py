import argparse
import sys

import lightgbm as lgb
import mlflow
import numpy as np

import config as C
import features
from utils import folds, git_sha, init_mlflow, latest_run, rmsle, seed_everything, timer


def fit_fold(df, cols, tr, va, params, rounds):
    dtr = lgb.Dataset(df.iloc[tr][cols], df.iloc[tr][C.TARGET])
    dva = lgb.Dataset(df.iloc[va][cols], df.iloc[va][C.TARGET], reference=dtr)
    return lgb.train(
        params,
        dtr,
        rounds,
        valid_sets=[dva],
        callbacks=[lgb.early_stopping(100), lgb.log_evaluation(200)],
    )


def train(args):
    df = features.build()
    known = df[df[C.TARGET].notna()].reset_index(drop=True)
    cols = features.columns(known)
    params = dict(C.LGB_PARAMS, learning_rate=args.lr, num_leaves=args.leaves)

    tags = {
        "family": "lgb",
        "features": C.FEATURES_VERSION,
        "seed": str(C.SEED),
        "n_folds": str(C.N_FOLDS),
        "git": git_sha(),
    }
    with mlflow.start_run(run_name=f"lgb-{C.FEATURES_VERSION}", tags=tags) as parent:
        mlflow.log_params(params)
        scores = []
        for k, tr, va in folds(known["date"].values):
            with mlflow.start_run(
                run_name=f"fold{k}",
                nested=True,
                tags={"fold": k, "valid_from": str(known["date"].values[va].min())[:10]},
            ):
                model = fit_fold(known, cols, tr, va, params, args.rounds)
                score = rmsle(known.iloc[va][C.TARGET].values, model.predict(known.iloc[va][cols]))
                mlflow.log_metric("rmsle", score)
                mlflow.log_metric("best_iteration", model.best_iteration)
                path = C.OUT / f"lgb_fold{k}.txt"
                model.save_model(str(path))
                mlflow.log_artifact(str(path))
            scores.append(score)
        mlflow.log_metric("cv_rmsle", float(np.mean(scores)))
        mlflow.log_metric("cv_std", float(np.std(scores)))
        print(parent.info.run_id, np.mean(scores))


def already_done(args):
    last = latest_run("lgb")
    if last is None:
        return False
    return last.get("params.num_leaves") == str(args.leaves)


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--lr", type=float, default=0.03)
    ap.add_argument("--leaves", type=int, default=63)
    ap.add_argument("--rounds", type=int, default=5000)
    ap.add_argument("--force", action="store_true")
    a = ap.parse_args()
    seed_everything()
    init_mlflow()
    if not a.force and already_done(a):
        sys.exit("same as the last run, use --force")
    with timer("lgb"):
        train(a)
