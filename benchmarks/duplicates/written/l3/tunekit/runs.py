import mlflow
from mlflow import MlflowClient

from tunekit.settings import ARTIFACTS, EXPERIMENT, JOB_TAG, KIND_TAG, MODEL_TAG, TEAM


def use_experiment(name=EXPERIMENT):
    client = MlflowClient()
    found = client.get_experiment_by_name(name)
    if found is None:
        client.create_experiment(name, artifact_location=ARTIFACTS, tags={"team": TEAM})
    return mlflow.set_experiment(name)


def lora_tags(lora):
    return {
        "lora.r": str(lora.r),
        "lora.alpha": str(lora.alpha),
        "lora.dropout": str(lora.dropout),
        "lora.targets": ",".join(sorted(lora.targets)),
    }


def _where(**tags):
    return " and ".join(f"tags.`{k}` = '{v}'" for k, v in tags.items())


def previous_run(model_name, not_run=None):
    """The finished training run of this model before the one given."""
    exp = use_experiment()
    flt = _where(**{MODEL_TAG: model_name, KIND_TAG: "train"}) + " and status = 'FINISHED'"
    hits = MlflowClient().search_runs(
        [exp.experiment_id], flt, order_by=["start_time DESC"], max_results=2
    )
    for h in hits:
        if h.info.run_id != not_run:
            return h
    return None


def training_run(run_id=None, job=None):
    client = MlflowClient()
    exp = use_experiment()
    if run_id:
        return client.get_run(run_id)
    if job:
        hit = client.search_runs(
            [exp.experiment_id],
            _where(**{JOB_TAG: job, KIND_TAG: "train"}),
            order_by=["start_time DESC"],
            max_results=1,
        )
        if hit:
            return hit[0]
    hit = client.search_runs(
        [exp.experiment_id], _where(**{KIND_TAG: "train"}), order_by=["start_time DESC"], max_results=1
    )
    if not hit:
        raise LookupError("no training run")
    return hit[0]


def last_evaluation(parent_id, suite):
    df = mlflow.search_runs(
        experiment_names=[EXPERIMENT],
        filter_string=f"tags.mlflow.parentRunId = '{parent_id}' and tags.`tunekit.suite` = '{suite}'",
        order_by=["start_time DESC"],
        max_results=1,
    )
    return None if df.empty else df.iloc[0]
