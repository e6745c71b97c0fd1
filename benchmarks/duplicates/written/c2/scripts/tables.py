"""Table 2 of the paper."""

import mlflow
import pandas as pd


def table(study):
    frame = mlflow.search_runs(experiment_names=[study], filter_string="metrics.mean_dice > 0")
    grouped = frame.groupby(["params.network", "tags.fold"])["metrics.mean_dice"]
    return grouped.agg(["mean", "std", "count"]).round(3)


if __name__ == "__main__":
    both = pd.concat({study: table(study) for study in ("liver", "spleen")})
    print(both.to_latex())
