"""Experiment 7: everything again for the revised chapter, with three horizons."""
import sys

import mlflow
from mlflow.tracking.client import MlflowClient

from data import load_site, make_xy, split
from helpers import STUDENT, cfg_hash, get_exp, git_commit, mae, rmse, skill
from models import build

HORIZONS = (1, 3, 6)


def one(model, site, horizon, lags=(1, 2, 24)):
    cfg = dict(m=model, site=site, h=horizon, lags=list(lags))
    key = cfg_hash(cfg)
    run_id = None
    for r in MlflowClient().search_runs([get_exp()], "tags.cfg_hash = '%s'" % key):
        if r.info.status != "FINISHED":
            run_id = r.info.run_id
            break
    if run_id:
        run = mlflow.start_run(run_id=run_id)
    else:
        run = mlflow.start_run(experiment_id=get_exp(), run_name="exp07-%s-%d" % (model, horizon))
        mlflow.set_tag("cfg_hash", key)
    t = dict(student=STUDENT, git=git_commit(), model=model, site=site)
    t.update(lags=",".join([str(l) for l in lags]))
    mlflow.set_tags(t)
    try:
        tr, va, te = split(*make_xy(load_site(site), lags, horizon))
        m = build(model).fit(*tr)
        p = m.predict(te[0])
        mlflow.log_param("horizon", horizon)
        mlflow.log_metric("val_rmse", rmse(va[1], m.predict(va[0])))
        mlflow.log_metric("test_rmse", rmse(te[1], p))
        mlflow.log_metric("test_mae", mae(te[1], p))
        mlflow.log_metric("skill", skill(te[1], p, te[0][:, 0]))
        mlflow.end_run()
    except Exception:
        mlflow.end_run("FAILED")
        raise
    return run.info.run_id


def best_skill(horizon):
    r = mlflow.search_runs([get_exp()], f"params.horizon = '{horizon}'", order_by=["metrics.skill DESC"])
    return None if r.empty else r.iloc[0]["run_id"]


if __name__ == "__main__":
    for mod in sys.argv[1:] or ["ridge", "rf", "gbm", "mlp"]:
        for hor in HORIZONS:
            one(mod, "north", hor)
    print({h: best_skill(h) for h in HORIZONS})
