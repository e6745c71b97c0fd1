"""Distil a large teacher into the tiny backbone."""

from __future__ import annotations

import subprocess

import mlflow
import torch
import torch.nn.functional as F
from mlflow.tracking import MlflowClient

from aerocv.models import build_model


def soft_loss(student: torch.Tensor, teacher: torch.Tensor, temperature: float) -> torch.Tensor:
    log_p = F.log_softmax(student / temperature, dim=1)
    q = F.softmax(teacher / temperature, dim=1)
    return F.kl_div(log_p, q, reduction="batchmean") * temperature**2


def _teacher(exp_id: str, data_hash: str):
    hits = mlflow.search_runs(
        experiment_ids=[exp_id],
        filter_string="tags.`cv.dataset_fingerprint` = '" + data_hash + "'",
        order_by=["start_time DESC"],
        output_format="list",
    )
    for hit in hits:
        return hit
    return None


def distill(settings, data_hash: str, step, steps: int = 1000) -> str:
    experiment = mlflow.get_experiment_by_name(settings.experiment)
    if experiment is None:
        exp_id = mlflow.create_experiment(settings.experiment)
    else:
        exp_id = experiment.experiment_id
    teacher_run = _teacher(exp_id, data_hash)
    if teacher_run is None:
        raise RuntimeError("train a teacher first")
    teacher = mlflow.pytorch.load_model(f"runs:/{teacher_run.info.run_id}/model").eval()
    teacher_backbone = teacher_run.data.tags.get("cv.backbone") or "resnet50"
    student = build_model("tiny", settings.classes)
    sha = subprocess.check_output(["git", "rev-parse", "HEAD"], text=True).strip()
    with mlflow.start_run(experiment_id=exp_id, run_name=f"distill-{teacher_backbone}"):
        mlflow.set_tags(
            {
                "cv.git_commit": sha,
                "cv.dataset_fingerprint": data_hash,
                "cv.backbone": "tiny",
                "cv.stage": "distill",
                "cv.teacher": teacher_run.info.run_id,
            }
        )
        for i in range(steps):
            loss = step(student, teacher, soft_loss)
            if i % 50 == 0:
                mlflow.log_metric("soft_loss", float(loss), step=i)
        mlflow.pytorch.log_model(student, "model")
        return mlflow.active_run().info.run_id


def resume_fold(parent_run_id: str, experiment: str, index: int) -> str:
    client = MlflowClient()
    eid = client.get_experiment_by_name(experiment).experiment_id
    created = client.create_run(
        experiment_id=eid,
        run_name="fold-" + str(index),
        tags={
            "mlflow.parentRunId": parent_run_id,
            "cv.fold": str(index),
        },
    )
    return created.info.run_id
