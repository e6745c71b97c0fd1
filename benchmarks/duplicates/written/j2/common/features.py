"""Data and features, the same for all of us."""
import numpy as np
import pandas as pd

CATEGORICAL = ["depot", "weekday"]
NUMERICAL = ["temp", "rain", "hour"]
TARGET = "rides"
DEPOTS = ["center", "harbour", "campus"]


def read_month(month: str) -> pd.DataFrame:
    path = f"data/bikes_{month}.parquet"
    try:
        df = pd.read_parquet(path)
    except (FileNotFoundError, ImportError):
        df = _synthetic(month)
    df["weekday"] = df["start"].dt.dayofweek.astype(str)
    df["hour"] = df["start"].dt.hour
    return df[(df[TARGET] >= 0) & (df[TARGET] < 500)]


def _synthetic(month: str) -> pd.DataFrame:
    rng = np.random.default_rng(int(month.replace("-", "")))
    start = pd.date_range(f"{month}-01", periods=28 * 24, freq="h")
    frames = []
    for i, depot in enumerate(DEPOTS):
        temp = 10 + 8 * np.sin(np.arange(len(start)) / 24) + rng.normal(0, 2, len(start))
        rain = rng.exponential(0.4, len(start))
        base = 20 + 10 * i + 2 * temp - 6 * rain
        rides = np.clip(base + rng.normal(0, 5, len(start)), 0, None).round()
        frames.append(pd.DataFrame({"start": start, "depot": depot, "temp": temp, "rain": rain, TARGET: rides}))
    return pd.concat(frames, ignore_index=True)


def to_dicts(df: pd.DataFrame) -> list:
    return df[CATEGORICAL + NUMERICAL].to_dict(orient="records")


def months_between(first: str, last: str) -> list:
    return [str(p) for p in pd.period_range(first, last, freq="M")]


def month_before(month: str) -> str:
    return str(pd.Period(month, freq="M") - 1)
