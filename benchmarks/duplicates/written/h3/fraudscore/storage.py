"""Where payments and scores are kept."""
from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pandas as pd

ROOT = Path(os.environ.get("FS_ROOT", "lake"))


def payments_path(day: date) -> Path:
    return ROOT / "payments" / f"{day:%Y/%m/%d}.parquet"


def scores_path(day: date) -> Path:
    return ROOT / "scores" / f"{day:%Y/%m/%d}.parquet"


def read_payments(day: date) -> pd.DataFrame:
    return pd.read_parquet(payments_path(day))


def write_scores(day: date, frame: pd.DataFrame) -> Path:
    path = scores_path(day)
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(path)
    return path


def labelled(days: int) -> pd.DataFrame:
    """Payments that the analysts have looked at."""
    frame = pd.read_parquet(ROOT / "labels.parquet")
    newest = frame["day"].max()
    return frame[frame["day"] > newest - pd.Timedelta(days=days)]
