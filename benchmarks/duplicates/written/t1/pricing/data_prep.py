"""Read the policy and claim extracts and join them to a modelling frame."""
import os

import numpy as np
import pandas as pd

EXTRACT_ROOT = os.environ.get("EXTRACT_ROOT", "/mnt/extracts")

AGE_BREAKS = [0, 21, 25, 30, 40, 50, 65, 75, 120]
BONUS_LEVELS = ["M", "0", "1", "2", "3", "4", "5+"]


def read_policies(data_version, lob):
    path = os.path.join(EXTRACT_ROOT, data_version, f"policies_{lob}.parquet")
    pol = pd.read_parquet(path)
    pol.columns = [c.lower() for c in pol.columns]
    return pol


def read_claims(data_version, lob, large_loss_cap=50_000):
    path = os.path.join(EXTRACT_ROOT, data_version, f"claims_{lob}.parquet")
    cl = pd.read_parquet(path)
    cl.columns = [c.lower() for c in cl.columns]
    cl["paid_capped"] = np.minimum(cl["paid"], large_loss_cap)
    return cl[cl["paid"] > 0]


def cut_age(x):
    return pd.cut(x, AGE_BREAKS, right=False).astype(str)


def modelling_frame(data_version, lob, min_exposure=0.05, large_loss_cap=50_000, drop_fleets=True):
    pol = read_policies(data_version, lob)
    cl = read_claims(data_version, lob, large_loss_cap)
    agg = cl.groupby("policy_id").agg(n_claims=("claim_id", "nunique"), loss=("paid_capped", "sum"))
    df = pol.merge(agg, how="left", left_on="policy_id", right_index=True)
    df[["n_claims", "loss"]] = df[["n_claims", "loss"]].fillna(0)
    df = df[df["exposure"] >= min_exposure]
    if drop_fleets:
        df = df[df["fleet_size"].fillna(1) == 1]
    df["age_band"] = cut_age(df["driver_age"])
    df["bonus"] = pd.Categorical(df["bonus"], categories=BONUS_LEVELS)
    return df


def split_by_year(df, valid_year):
    train = df[df["accident_year"] < valid_year]
    valid = df[df["accident_year"] == valid_year]
    if valid.empty:
        raise ValueError(f"no rows for validation year {valid_year}")
    return train, valid
