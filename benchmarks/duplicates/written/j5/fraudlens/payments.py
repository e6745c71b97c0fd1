"""Payments: schema, loading and features."""
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from fraudlens.flags import enabled

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    required: bool = True


SCHEMA = [
    Column("payment_id", "int"),
    Column("ts", "time"),
    Column("amount", "float"),
    Column("merchant", "str"),
    Column("country", "str", required=False),
    Column("label", "int", required=False),
]


class SchemaError(ValueError):
    pass


def check(df):
    problems = []
    for col in SCHEMA:
        if col.name not in df.columns:
            if col.required:
                problems.append(f"missing column {col.name}")
            continue
        if col.kind == "float" and not np.issubdtype(df[col.name].dtype, np.number):
            problems.append(f"{col.name} is not a number")
    if problems and enabled("STRICT_SCHEMA"):
        raise SchemaError("; ".join(problems))
    for p in problems:
        log.warning(p)
    return df


def load(version="v1", root="data"):
    path = Path(root) / f"payments_{version}.csv"
    df = pd.read_csv(path, parse_dates=["ts"]) if path.exists() else sample(2000)
    return check(df)


def sample(n, seed=3):
    rng = np.random.default_rng(seed)
    amount = rng.lognormal(3, 1, n)
    hour = rng.integers(0, 24, n)
    risk = 1 / (1 + np.exp(-(amount / 60 - 4 + (hour < 5) * 1.5)))
    return pd.DataFrame({
        "payment_id": np.arange(n),
        "ts": pd.Timestamp("2024-02-01") + pd.to_timedelta(hour, unit="h"),
        "amount": amount,
        "merchant": rng.choice(["grocery", "travel", "games", "fuel"], n),
        "country": rng.choice(["DE", "FR", "PL"], n),
        "label": (rng.random(n) < risk).astype(int),
    })


def features(df):
    out = pd.DataFrame(index=df.index)
    out["log_amount"] = np.log1p(df["amount"])
    out["night"] = (df["ts"].dt.hour < 6).astype(int)
    mean = df.groupby("merchant")["amount"].transform("mean")
    out["rel_amount"] = df["amount"] / mean
    for m in ("travel", "games"):
        out["is_" + m] = (df["merchant"] == m).astype(int)
    return out


def cost(label, flagged, amount, review=2.5):
    """Money lost: missed fraud and needless reviews."""
    missed = ((label == 1) & ~flagged) * amount
    return float(missed.sum() + review * flagged.sum())
