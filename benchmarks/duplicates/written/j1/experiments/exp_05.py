"""Experiment 5: MLP. Takes long, so it can go on after a crash."""
import argparse

import mlflow

from data import load_site, make_xy, split
from helpers import cfg_hash, get_exp, mae, rmse
from models import build

parser = argparse.ArgumentParser()
parser.add_argument("--site", default="north")
parser.add_argument("--hidden", type=int, nargs="+", default=[64, 32])
parser.add_argument("--seeds", type=int, default=3)


def open_run(exp_id, h, name):
    old = mlflow.search_runs([exp_id], filter_string=f"tags.cfg_hash = '{h}' and status != 'FINISHED'", max_results=1)
    if not old.empty:
        print("going on with", old.loc[0, "run_id"])
        return mlflow.start_run(run_id=old.loc[0, "run_id"])
    return mlflow.start_run(experiment_id=exp_id, run_name=name, tags={"cfg_hash": h})


def main():
    args = parser.parse_args()
    lags = [1, 2, 3, 24]
    exp_id = get_exp()
    tr, va, te = split(*make_xy(load_site(args.site), lags))
    for seed in range(args.seeds):
        cfg = {"m": "mlp", "hidden": args.hidden, "seed": seed, "site": args.site}
        with open_run(exp_id, cfg_hash(cfg), f"exp05-mlp-s{seed}"):
            m = build("mlp", hidden=tuple(args.hidden), seed=seed).fit(*tr)
            mlflow.log_params(cfg)
            mlflow.log_metric("val_rmse", rmse(va[1], m.predict(va[0])))
            mlflow.log_metric("val_mae", mae(va[1], m.predict(va[0])))
            mlflow.log_metric("test_rmse", rmse(te[1], m.predict(te[0])))


if __name__ == "__main__":
    main()
