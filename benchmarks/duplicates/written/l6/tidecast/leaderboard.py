from tidecast.integrations._compat import client, need_mlflow


def top(dataset, experiment="tidecast"):
    """The best run of a dataset."""
    c = client()
    exp = c.get_experiment_by_name(experiment)
    if exp is None:
        return None
    runs = c.search_runs(
        [exp.experiment_id],
        "tags.`tidecast.dataset` = '%s'" % dataset,
        order_by=["metrics.smape ASC"],
        max_results=1,
    )
    return runs[0] if runs else None


def board(dataset, experiment="tidecast", n=20):
    mlflow = need_mlflow()
    exp = mlflow.get_experiment_by_name(experiment)
    df = mlflow.search_runs(
        [exp.experiment_id], "tags.`tidecast.dataset` = '%s'" % dataset, order_by=["metrics.smape ASC"], max_results=n
    )
    return df[["run_id", "tags.tidecast.class", "metrics.smape"]]


def markdown(df):
    lines = ["| " + " | ".join(df.columns) + " |", "|" + "---|" * len(df.columns)]
    for row in df.itertuples(index=False):
        lines.append("| " + " | ".join(str(v) for v in row) + " |")
    return "\n".join(lines)
