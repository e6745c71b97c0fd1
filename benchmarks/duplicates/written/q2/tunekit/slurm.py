"""SLURM environment: who am I, and am I about to be killed?"""
from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class SlurmInfo:
    job_id: str
    array_task: str | None
    restart_count: int
    node: str
    partition: str

    @classmethod
    def from_env(cls) -> "SlurmInfo":
        e = os.environ
        return cls(
            job_id=e.get("SLURM_JOB_ID", "local"),
            array_task=e.get("SLURM_ARRAY_TASK_ID"),
            restart_count=int(e.get("SLURM_RESTART_COUNT", "0")),
            node=e.get("SLURMD_NODENAME", "localhost"),
            partition=e.get("SLURM_JOB_PARTITION", "none"),
        )


def slurm_tags() -> dict[str, str]:
    info = SlurmInfo.from_env()
    tags = {
        "slurm.job_id": info.job_id,
        "slurm.node": info.node,
        "slurm.partition": info.partition,
        "slurm.restarts": str(info.restart_count),
    }
    if info.array_task is not None:
        tags["slurm.array_task"] = info.array_task
    return tags


class PreemptionFlag:
    """Set when SLURM sends SIGUSR1 (90 seconds of grace)."""

    def __init__(self) -> None:
        self._event = threading.Event()
        signal.signal(signal.SIGUSR1, self._handle)

    def _handle(self, signum, frame) -> None:
        self._event.set()

    def __bool__(self) -> bool:
        return self._event.is_set()
