from __future__ import annotations

import logging

import mlflow
import torch
from mlflow.tracking import MlflowClient
from torch.utils.data import DataLoader

from aerocv import tracking
from aerocv.data import TileDataset, collate
from aerocv.data.tiles import fingerprint
from aerocv.engine import fit
from aerocv.metrics import mean_ap
from aerocv.models import build_model
from aerocv.settings import TrainSettings

log = logging.getLogger(__name__)


def already_trained(settings: TrainSettings) -> str | None:
    """Id of a run on the same data, so that nothing is trained twice."""
    client = MlflowClient()
    experiment_id = tracking.ensure_experiment(client, settings.experiment)
    run = tracking.find_run_of_dataset(client, experiment_id, fingerprint(settings.data_root))
    return run.info.run_id if run else None


def train(settings: TrainSettings, force: bool = False) -> str:
    if not force and (run_id := already_trained(settings)):
        log.info("data unchanged, reusing %s", run_id)
        return run_id
    torch.manual_seed(settings.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train_set = TileDataset(settings.data_root, "train", settings.image_size)
    valid_set = TileDataset(settings.data_root, "valid", settings.image_size)
    model = build_model(settings.backbone, len(train_set.classes)).to(device)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=settings.optimizer.lr, weight_decay=settings.optimizer.weight_decay
    )
    experiment_id = tracking.ensure_experiment(MlflowClient(), settings.experiment)
    digest = fingerprint(settings.data_root)
    with mlflow.start_run(
        experiment_id=experiment_id,
        run_name=f"{settings.backbone}-{digest[:6]}",
        tags=tracking.training_tags(digest, settings.backbone, "train"),
    ) as run:
        mlflow.log_params(settings.as_params())
        best = fit(
            model,
            DataLoader(train_set, settings.batch_size, shuffle=True, collate_fn=collate),
            DataLoader(valid_set, settings.batch_size, collate_fn=collate),
            optimizer,
            settings.epochs,
            device,
            mean_ap,
        )
        mlflow.log_metric("best_map", best)
        mlflow.pytorch.log_model(model, "model")
    return run.info.run_id
