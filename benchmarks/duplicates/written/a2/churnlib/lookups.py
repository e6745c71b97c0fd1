"""Looking things up in MLflow."""
import mlflow

from churnlib import consts


def experiment_id_for(name=consts.DEFAULT_EXPERIMENT):
    exp = mlflow.get_experiment_by_name(name)
    if exp is None:
        return mlflow.create_experiment(name, tags={"team": "retention"})
    return exp.experiment_id


def run_for_ds(ds, experiment=consts.DEFAULT_EXPERIMENT):
    """Run id of the training of one execution date."""
    df = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=f"tags.`{consts.DS_TAG}` = '{ds}' and attributes.status = 'FINISHED'",
        order_by=["start_time DESC"],
        max_results=1,
    )
    if df.empty:
        raise LookupError(f"no training run for {ds}")
    return df.iloc[0]["run_id"]


def best_run(experiment=consts.DEFAULT_EXPERIMENT):
    df = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string="metrics.val_auc > 0",
        order_by=["metrics.val_auc DESC"],
        max_results=1,
    )
    return None if df.empty else df.run_id[0]


def snapshot_of(run_id):
    run = mlflow.get_run(run_id)
    value = run.data.tags.get(consts.SNAPSHOT_TAG)
    if value is None:
        raise KeyError(f"run {run_id} has no snapshot")
    return value


def runs_between(start, end, experiment=consts.DEFAULT_EXPERIMENT):
    df = mlflow.search_runs(experiment_names=[experiment])
    if df.empty:
        return df
    ds = df[f"tags.{consts.DS_TAG}"]
    return df[(ds >= start) & (ds < end)].sort_values("start_time")


def try_run_for_ds(ds):
    try:
        return run_for_ds(ds)
    except LookupError:
        return None
