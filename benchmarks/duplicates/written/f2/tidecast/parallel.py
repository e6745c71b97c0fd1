"""Folds in worker processes: no active run there, so all goes by the client."""

from concurrent.futures import ProcessPoolExecutor

from tidecast.data import rolling_folds
from tidecast.metrics import evaluate
from tidecast.models import make_model


def _client():
    from mlflow.tracking import MlflowClient

    return MlflowClient()


def _one_fold(spec, fold, horizon, experiment_id, parent_id):
    client = _client()
    fold_tags = {"mlflow.parentRunId": parent_id}
    fold_tags["tidecast.fold"] = str(fold.index)
    fold_tags["tidecast.cutoff"] = fold.cutoff.isoformat()
    fold_tags["tidecast.horizon"] = str(horizon)
    run_id = client.create_run(
        experiment_id, tags=fold_tags, run_name=f"fold-{fold.index}"
    ).info.run_id
    status = "FAILED"
    try:
        model = make_model(spec).fit(fold.train)
        errors = evaluate(fold.test, model.predict(horizon))
        for name, value in errors.items():
            client.log_metric(run_id, name, value)
        status = "FINISHED"
        return errors
    finally:
        client.set_terminated(run_id, status)


def run_folds(spec, series, horizon, n_folds, experiment_id, parent_id, workers=2):
    """Run all folds and return their errors in order."""
    with ProcessPoolExecutor(max_workers=workers) as pool:
        jobs = [
            pool.submit(_one_fold, spec, fold, horizon, experiment_id, parent_id)
            for fold in rolling_folds(series, horizon, n_folds)
        ]
        return [job.result() for job in jobs]


def terminate_left_over(experiment_id, parent_id):
    """End folds that a killed pool left running."""
    client = _client()
    for run in client.search_runs(
        [experiment_id], f"tags.mlflow.parentRunId = '{parent_id}' and attributes.status = 'RUNNING'"
    ):
        client.set_terminated(run.info.run_id, "KILLED")
