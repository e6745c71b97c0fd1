"""python -m tidecast.cli backtest|report."""

import argparse

import mlflow
import pandas as pd

from tidecast.backtest import Backtest
from tidecast.data import Series
from tidecast.report import BacktestReport
from tidecast.tracking import ExperimentManager


def _read(path, column):
    frame = pd.read_csv(path, index_col=0, parse_dates=True)
    return Series(column, frame[column].asfreq(pd.infer_freq(frame.index)))


def _report(args):
    existing = mlflow.get_experiment_by_name(args.experiment)
    if existing:
        experiment_id = existing.experiment_id
    elif args.artifacts:
        experiment_id = mlflow.create_experiment(args.experiment, f"{args.artifacts}/{args.experiment}")
    else:
        experiment_id = mlflow.create_experiment(args.experiment)
    mlflow.set_experiment(experiment_id=experiment_id)
    print(BacktestReport(experiment_id).render(args.model))


def _backtest(args):
    manager = ExperimentManager(args.experiment, args.artifacts)
    mean = Backtest(manager, args.horizon).run({"name": args.model}, _read(args.file, args.column))
    for name, value in sorted(mean.items()):
        print(f"{name:6s} {value:.4f}")


def main(argv=None):
    parser = argparse.ArgumentParser(prog="tidecast")
    parser.add_argument("--experiment", default="tidecast")
    parser.add_argument("--artifacts")
    commands = parser.add_subparsers(required=True)
    report = commands.add_parser("report")
    report.add_argument("model")
    report.set_defaults(call=_report)
    backtest = commands.add_parser("backtest")
    backtest.add_argument("model")
    backtest.add_argument("file")
    backtest.add_argument("column")
    backtest.add_argument("--horizon", type=int, default=14)
    backtest.set_defaults(call=_backtest)
    args = parser.parse_args(argv)
    args.call(args)


if __name__ == "__main__":
    main()
