"""Command line of seasonly."""

from __future__ import annotations

import argparse
import sys

import mlflow
import pandas as pd

from seasonly.backtest import Backtest
from seasonly.flavors.mlflow_flavor import load_latest_model
from seasonly.models import SeasonalNaive
from seasonly.select import load_best


def read_series(path: str) -> pd.Series:
    frame = pd.read_csv(path, parse_dates=[0], index_col=0)
    return frame.iloc[:, 0].asfreq("D").ffill()


def cmd_backtest(args: argparse.Namespace) -> int:
    run_id = Backtest(SeasonalNaive(args.season), args.horizon, args.folds, args.experiment).run(
        read_series(args.csv), args.series
    )
    print(run_id)
    return 0


def cmd_predict(args: argparse.Namespace) -> int:
    if args.best:
        model = load_best(args.experiment, args.series)
    else:
        model = load_latest_model(args.experiment)
    model.predict(args.horizon).to_csv(sys.stdout)
    return 0


def cmd_best(args: argparse.Namespace) -> int:
    table = mlflow.search_runs(
        experiment_names=[args.experiment],
        filter_string="tags.`seasonly.series` = '%s' AND status = 'FINISHED'" % args.series,
        output_format="pandas",
    )
    if table.empty or "metrics.mean_mae" not in table:
        print("nothing found", file=sys.stderr)
        return 1
    row = table.loc[table["metrics.mean_mae"].idxmin()]
    print(row["run_id"], row["metrics.mean_mae"])
    return 0


def main(argv=None) -> int:
    parser = argparse.ArgumentParser("seasonly")
    sub = parser.add_subparsers(dest="command", required=True)
    for name, func in (("backtest", cmd_backtest), ("predict", cmd_predict), ("best", cmd_best)):
        one = sub.add_parser(name)
        one.add_argument("--experiment", default="forecast/backtest")
        one.add_argument("--series", default="demand")
        one.add_argument("--horizon", type=int, default=14)
        one.set_defaults(func=func)
        if name == "backtest":
            one.add_argument("csv")
            one.add_argument("--season", type=int, default=7)
            one.add_argument("--folds", type=int, default=4)
        if name == "predict":
            one.add_argument("--best", action="store_true")
    args = parser.parse_args(argv)
    return args.func(args)


if __name__ == "__main__":
    sys.exit(main())
