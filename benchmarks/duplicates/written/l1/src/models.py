import getpass
import os
import subprocess

import lightgbm as lgb
import mlflow
import numpy as np
from mlflow.exceptions import MlflowException
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from src import config
from src.cv import cross_validate, rmsle, time_folds
from src.track import get_or_make_exp, train_tags


def lgbm():
    return lgb.LGBMRegressor(**config.LGB_PARAMS)


def ridge(alpha=3.0):
    return make_pipeline(StandardScaler(), Ridge(alpha=alpha))


def train_lgbm(df, feats):
    mlflow.set_experiment(experiment_id=get_or_make_exp())
    with mlflow.start_run(run_name="lgbm", tags=train_tags("lgbm")) as run:
        mlflow.log_params(config.LGB_PARAMS)
        oof, scores = cross_validate(lgbm, df, feats, "lgbm")
        model = lgbm().fit(df[feats], df[config.TARGET])
        mlflow.lightgbm.log_model(model, "model")
        imp = dict(zip(feats, map(float, model.feature_importances_)))
        mlflow.log_dict(imp, "importance.json")
    return run.info.run_id, oof, scores


def train_ridge(df, feats, alphas=(0.3, 1.0, 3.0)):
    # marta's version, does its own folds because ridge cannot take nan
    try:
        eid = mlflow.create_experiment(config.EXPERIMENT)
    except MlflowException:
        eid = mlflow.get_experiment_by_name(config.EXPERIMENT).experiment_id
    df = df.copy()
    df[feats] = df[feats].fillna(0)
    res = {}
    for a in alphas:
        tags = {}
        tags["family"] = "ridge"
        tags["data_version"] = config.DATA_VERSION
        tags["user"] = os.environ.get("USER") or getpass.getuser()
        try:
            tags["git_commit"] = subprocess.check_output(["git", "rev-parse", "HEAD"]).decode().strip()
        except (OSError, subprocess.CalledProcessError):
            tags["git_commit"] = "unknown"
        with mlflow.start_run(experiment_id=eid, run_name=f"ridge a={a}"):
            mlflow.set_tags(tags)
            mlflow.log_param("alpha", a)
            sc = []
            for i, tr, va in time_folds(df):
                with mlflow.start_run(nested=True, run_name="ridge-fold%d" % i):
                    mlflow.set_tag("level", "fold")
                    mlflow.set_tag("fold", i)
                    mlflow.set_tag("family", "ridge")
                    m = ridge(a).fit(df.loc[tr, feats], df.loc[tr, config.TARGET])
                    s = rmsle(df.loc[va, config.TARGET], m.predict(df.loc[va, feats]))
                    mlflow.log_metric("rmsle", s)
                    sc.append(s)
            res[a] = np.mean(sc)
            mlflow.log_metric("cv_rmsle", res[a])
            mlflow.sklearn.log_model(ridge(a).fit(df[feats], df[config.TARGET]), "model")
    return min(res, key=res.get)
