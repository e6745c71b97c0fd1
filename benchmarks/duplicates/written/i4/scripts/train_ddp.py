"""The first version with DDP, started by torchrun. Kept for the cluster."""

import os
import sys
from pathlib import Path

import mlflow
import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from pavescan import vcs
from pavescan.config import read_config
from pavescan.data.module import CrackData
from pavescan.models.segmenter import Segmenter


def setup_tracking(cfg, rank, resume_id=None):
    if rank != 0:
        return None
    exp = mlflow.get_experiment_by_name(cfg.experiment)
    if exp:
        exp_id = exp.experiment_id
    else:
        root = cfg.artifact_root
        exp_id = mlflow.create_experiment(
            cfg.experiment, artifact_location=(root + "/" + cfg.experiment) if root else None
        )
    if resume_id:
        mlflow.start_run(run_id=resume_id)
        return mlflow.active_run().info.run_id
    mlflow.start_run(experiment_id=exp_id, run_name=cfg.backbone + "-" + cfg.dataset_version)
    mlflow.set_tag("dataset.name", cfg.dataset)
    mlflow.set_tag("dataset.version", cfg.dataset_version)
    mlflow.set_tag("git.commit", vcs.commit())
    mlflow.set_tag("git.dirty", str(vcs.dirty()).lower())
    mlflow.set_tag("world_size", str(dist.get_world_size()))
    return mlflow.active_run().info.run_id


def main():
    dist.init_process_group("nccl")
    rank = dist.get_rank()
    cfg = read_config(Path(sys.argv[1]))
    setup_tracking(cfg, rank, os.environ.get("RESUME_RUN_ID"))
    device = rank % torch.cuda.device_count()
    net = Segmenter(lr=cfg.lr).to(device)
    model = DistributedDataParallel(net, device_ids=[device])
    optimizer = net.configure_optimizers()
    loader = CrackData(Path("data") / cfg.dataset, cfg.dataset_version, cfg.batch_size).train_dataloader()
    for epoch in range(cfg.epochs):
        for x, mask in loader:
            loss = net._loss(model(x.to(device)), mask.to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if rank == 0:
            mlflow.log_metric("train_loss", loss.item(), step=epoch)
            torch.save(net.state_dict(), f"epoch{epoch:03d}.pt")
    if rank == 0:
        mlflow.end_run()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
