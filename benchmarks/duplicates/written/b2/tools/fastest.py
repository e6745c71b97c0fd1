"""Print the fastest benchmark and what it ran on."""
import mlflow
import pandas as pd

pd.set_option("display.width", 160)


def minimum(column="metrics.p95"):
    df = mlflow.search_runs(experiment_names=["docclass-benchmark"])
    if df.empty or column not in df:
        return None
    return df.loc[df[column].idxmin()]["run_id"]


def table():
    df = mlflow.search_runs(experiment_names=["docclass-benchmark"], order_by=["start_time DESC"])
    columns = [c for c in df.columns if c.startswith("metrics.")]
    return df[["tags.docclass.model", *columns]]


def purge(keep=50):
    df = mlflow.search_runs(experiment_names=["docclass-benchmark"], order_by=["start_time DESC"])
    for run_id in df["run_id"][keep:]:
        mlflow.delete_run(run_id)


if __name__ == "__main__":
    print(table().to_string())
    print("fastest:", minimum())
