"""Structured configs of hydra."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from hydra.core.config_store import ConfigStore
from omegaconf import MISSING


@dataclass
class TagNames:
    serial: str = "robot.serial"
    firmware: str = "robot.firmware"
    simulator: str = "sim.engine"
    task: str = "task.name"
    commit: str = "git.commit"
    trial: str = "sweep.trial_key"
    seed: str = "trial.seed"


@dataclass
class PolicyConfig:
    hidden: list[int] = field(default_factory=lambda: [256, 256])
    lr: float = 3e-4
    entropy: float = 0.01
    clip: float = 0.2


@dataclass
class SweepConfig:
    task: str = MISSING
    sweep: str = MISSING
    serial: str = "ur5e-07"
    firmware: str = "5.14.3"
    simulator: str = "mujoco"
    seeds: int = 3
    steps: int = 200_000
    policy: PolicyConfig = field(default_factory=PolicyConfig)
    tags: TagNames = field(default_factory=TagNames)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


ConfigStore.instance().store(name="sweep", node=SweepConfig)
