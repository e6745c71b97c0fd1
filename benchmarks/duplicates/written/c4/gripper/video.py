"""Videos of episodes, as artifacts."""

from __future__ import annotations

from pathlib import Path

import imageio.v3 as iio
import mlflow
import numpy as np
from mlflow.entities import Run
from mlflow.tracking import MlflowClient


def video_tags(fps: int, codec: str, camera: str) -> dict[str, str]:
    return {"video.fps": str(fps), "video.codec": codec, "video.camera": camera}


def annotate(frames: np.ndarray, success: bool) -> np.ndarray:
    out = frames.copy()
    out[:, :8, :, :] = (0, 160, 0) if success else (180, 0, 0)
    return out


def upload(run_id: str, frames: np.ndarray, success: bool, folder: Path, fps: int = 30) -> None:
    path = folder / f"{run_id}.mp4"
    iio.imwrite(path, annotate(frames, success), fps=fps)
    client = MlflowClient()
    client.log_artifact(run_id, str(path), "videos")
    for key, value in video_tags(fps, "h264", "wrist").items():
        client.set_tag(run_id, key, value)


def without_video(task: str) -> list[Run]:
    runs = mlflow.search_runs(experiment_names=[f"gripper-{task}"], output_format="list")
    return [r for r in runs if "video.codec" not in r.data.tags and r.info.status == "FINISHED"]


def quickest(task: str) -> Run:
    runs = mlflow.search_runs(experiment_names=[f"gripper-{task}"], output_format="list")
    ended = [r for r in runs if r.info.end_time]
    return min(ended, key=lambda r: r.info.end_time - r.info.start_time)
