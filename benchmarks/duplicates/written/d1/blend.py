import glob
import sys

import lightgbm as lgb
import mlflow
import numpy as np
import pandas as pd
import xgboost as xgb
from scipy.optimize import nnls

import config as C
import features
from utils import children

mlflow.set_tracking_uri("http://127.0.0.1:5000")


def pick(family, how):
    """how = 'last' or 'best'"""
    if how == "last":
        df = mlflow.search_runs(experiment_names=[C.EXPERIMENT])
        df = df[(df["tags.family"] == family) & (df["status"] == "FINISHED")]
        if len(df) == 0:
            raise SystemExit(f"no {family} run")
        return df.sort_values("start_time").iloc[-1]["run_id"]
    df = mlflow.search_runs(experiment_names=[C.EXPERIMENT], filter_string=f"tags.family='{family}'")
    df = df[df["status"] == "FINISHED"].dropna(subset=["metrics.cv_rmsle"])
    if len(df) == 0:
        raise SystemExit(f"no {family} run with a score")
    return df.loc[df["metrics.cv_rmsle"].idxmin(), "run_id"]


def predict_family(family, how, x):
    out = []
    for rid in children(pick(family, how)):
        d = mlflow.artifacts.download_artifacts(f"runs:/{rid}")
        if family == "lgb":
            out += [lgb.Booster(model_file=f).predict(x) for f in glob.glob(d + "/*.txt")]
        else:
            for f in glob.glob(d + "/*.json"):
                bst = xgb.Booster()
                bst.load_model(f)
                out.append(bst.predict(xgb.DMatrix(x)))
    return np.mean(out, axis=0)


def weights(oof, y):
    w, _ = nnls(np.stack(oof, axis=1), y)
    return w / w.sum()


def main(how="best"):
    df = features.build()
    cols = features.columns(df)
    hold = df[df["date"] >= df[df[C.TARGET].notna()]["date"].max() - pd.Timedelta(days=C.HORIZON)]
    hold = hold[hold[C.TARGET].notna()]
    oof = [predict_family(f, how, hold[cols]) for f in ("lgb", "xgb")]
    w = weights(oof, hold[C.TARGET].values)
    with mlflow.start_run(run_name="blend"):
        mlflow.set_tags({"family": "blend", "picked": how})
        mlflow.log_metrics({"w_lgb": w[0], "w_xgb": w[1]})
    np.save(C.OUT / "weights.npy", w)


if __name__ == "__main__":
    main(*sys.argv[1:])
