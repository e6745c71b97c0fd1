"""Training tasks."""
import dataclasses
import logging
import os
import socket

import mlflow
import pandas as pd
from celery.exceptions import SoftTimeLimitExceeded
from mlflow.entities import RunStatus
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from adrank.models.trainer import CtrTrainer, TrainSpec
from adrank.platform.flags import flags
from adrank.platform.mlclient import RunNotFound, TrackingGateway
from adrank.tasks.app import app

logger = logging.getLogger(__name__)


def _experiment(client: MlflowClient, spec: TrainSpec) -> str:
    name = "adrank." + spec.tenant + "." + spec.kind
    try:
        return client.create_experiment(name, tags={"ad.tenant": spec.tenant, "ad.kind": spec.kind})
    except MlflowException as exc:
        if exc.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
        return client.get_experiment_by_name(name).experiment_id


def _start(client: MlflowClient, experiment_id: str, spec: TrainSpec, request_id: str):
    """Creates the run of a request."""
    return client.create_run(
        experiment_id,
        run_name=f"{spec.kind}-{request_id[:8]}",
        tags={
            "ad.tenant": spec.tenant,
            "ad.kind": spec.kind,
            "ad.request_id": request_id,
            "ad.state": "training",
        },
    )


def _existing(client: MlflowClient, experiment_id: str, request_id: str):
    """Celery delivers at least once: the run may be there already."""
    frame = mlflow.search_runs([experiment_id], f"tags.`ad.request_id` = '{request_id}'")
    for run_id in frame.get("run_id", []):
        return client.get_run(run_id)
    raise RunNotFound(request_id)


def _worker_tags(client, run_id, task):
    client.set_tag(run_id, "worker.host", socket.gethostname())
    client.set_tag(run_id, "worker.pid", os.getpid())
    client.set_tag(run_id, "worker.queue", task.request.delivery_info.get("routing_key", ""))
    client.set_tag(run_id, "worker.image", os.getenv("IMAGE_TAG", "dev"))


@app.task(bind=True, name="adrank.tasks.train.train", soft_time_limit=3600)
def train(self, payload: dict, request_id: str) -> dict:
    spec = TrainSpec(**payload)
    client = MlflowClient()
    experiment_id = _experiment(client, spec)
    try:
        run = _existing(client, experiment_id, request_id)
        if run.info.status == "FINISHED":
            return {"run_id": run.info.run_id, **run.data.metrics}
    except RunNotFound:
        run = _start(client, experiment_id, spec, request_id)
    run_id = run.info.run_id
    _worker_tags(client, run_id, self)
    for key, value in dataclasses.asdict(spec).items():
        client.log_param(run_id, key, value)
    try:
        df = pd.read_parquet(f"s3://ad-events/{spec.tenant}/{spec.kind}/", filters=[("age", "<", spec.days)])
        booster, metrics = CtrTrainer(spec).fit(df)
    except SoftTimeLimitExceeded:
        client.set_terminated(run_id, RunStatus.to_string(RunStatus.KILLED))
        raise
    for key, value in metrics.items():
        client.log_metric(run_id, key, value)
    with mlflow.start_run(run_id=run_id):
        mlflow.xgboost.log_model(booster, "model")
    client.set_tag(run_id, "ad.state", "candidate")
    if flags.enabled("auto_ab", spec.tenant):
        app.send_task("adrank.tasks.promote.start_ab", args=[spec.tenant, spec.kind, run_id])
    return {"run_id": run_id, **metrics}


@app.task(name="adrank.tasks.train.retrain_live")
def retrain_live(tenant: str, kind: str) -> None:
    gateway = TrackingGateway()
    live = gateway.live_run(tenant, kind, "a")
    if live is None:
        logger.info("nothing live for %s/%s", tenant, kind)
        return
    train.delay({"tenant": tenant, "kind": kind}, f"retrain-{live.info.run_id}")
