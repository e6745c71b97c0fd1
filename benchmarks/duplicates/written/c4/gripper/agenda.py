"""Asynchronous evaluation on the real arm."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import mlflow
import torch
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from gripper.envs import make
from gripper.tracking import NAMES


class Arm:
    def __init__(self, address: str, task: str) -> None:
        self.address = address
        self.env = make(task, "real")

    async def episode(self, actor) -> bool:
        obs, _ = self.env.reset()
        while True:
            obs, _, done, late, info = self.env.step(actor(torch.from_numpy(obs)).mean.detach().numpy())
            await asyncio.sleep(0)
            if done or late:
                return info["success"]


async def best_policy(task: str) -> Run:
    client = MlflowClient()
    experiment = await asyncio.to_thread(client.get_experiment_by_name, f"gripper-{task}")
    if experiment is None:
        raise LookupError(task)
    ranked = await asyncio.to_thread(
        client.search_runs,
        [experiment.experiment_id],
        "attributes.status = 'FINISHED'",
        max_results=1,
        order_by=["metrics.success_rate DESC"],
    )
    if not ranked:
        raise LookupError(task)
    return ranked[0]


async def episodes(arm: Arm, actor, count: int) -> AsyncIterator[bool]:
    for _ in range(count):
        yield await arm.episode(actor)


def supports_torque(run: Run) -> bool:
    firmware = run.data.tags.get("robot.firmware")
    version = tuple(map(int, firmware.split("."))) if firmware else (0, 0, 0)
    return version >= (5, 12, 0)


async def evaluate(address: str, task: str, count: int = 20) -> float:
    run = await best_policy(task)
    if not supports_torque(run):
        raise RuntimeError("the policy needs a newer firmware")
    arm = Arm(address, task)
    actor = mlflow.pytorch.load_model(f"runs:/{run.info.run_id}/policy")
    wins = [w async for w in episodes(arm, actor, count)]
    MlflowClient().log_metric(run.info.run_id, "real_success_rate", sum(wins) / count)
    MlflowClient().set_tag(run.info.run_id, NAMES.serial, address)
    return sum(wins) / count
