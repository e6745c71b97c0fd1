from pathlib import Path

import pandas as pd

STORE = Path("snapshots")


def snapshot(dataset, day):
    df = pd.read_parquet(STORE / dataset / f"{day}.parquet")
    y = df.pop("default_12m").astype(int)
    return df.select_dtypes("number"), y


def latest_day(dataset):
    days = sorted(p.stem for p in (STORE / dataset).glob("*.parquet"))
    if not days:
        raise FileNotFoundError(dataset)
    return days[-1]
