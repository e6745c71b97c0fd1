"""Assay tables, scaffold folds."""
from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import Iterator

import numpy as np
import pandas as pd
import torch
from rdkit import Chem
from rdkit.Chem.Scaffolds import MurckoScaffold
from torch.utils.data import Dataset

from molprop.config import DataConfig


class AssayDataset(Dataset):
    def __init__(self, frame: pd.DataFrame, targets: tuple[str, ...]):
        self.smiles = frame["smiles"].tolist()
        self.y = torch.tensor(frame[list(targets)].to_numpy(dtype=np.float32))

    def __len__(self) -> int:
        return len(self.smiles)

    def __getitem__(self, i: int):
        return self.smiles[i], self.y[i]


def load_table(cfg: DataConfig) -> pd.DataFrame:
    frame = pd.read_parquet(cfg.path)
    missing = [t for t in cfg.targets if t not in frame.columns]
    if missing:
        raise KeyError(f"{cfg.path} lacks targets {missing}")
    ok = frame["smiles"].map(lambda s: Chem.MolFromSmiles(s) is not None)
    return frame[ok].reset_index(drop=True)


def table_sha(frame: pd.DataFrame) -> str:
    return hashlib.sha1(pd.util.hash_pandas_object(frame).values.tobytes()).hexdigest()[:10]


def scaffold_of(smiles: str) -> str:
    return MurckoScaffold.MurckoScaffoldSmiles(smiles=smiles, includeChirality=False)


def folds(frame: pd.DataFrame, cfg: DataConfig) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for i, s in enumerate(frame["smiles"]):
        groups[scaffold_of(s) if cfg.split == "scaffold" else str(i)].append(i)
    rng = np.random.default_rng(cfg.seed)
    order = sorted(groups.values(), key=len, reverse=True)
    rng.shuffle(order)
    bins: list[list[int]] = [[] for _ in range(cfg.n_folds)]
    for members in order:
        min(bins, key=len).extend(members)
    everything = np.arange(len(frame))
    for k, members in enumerate(bins):
        test = np.array(sorted(members))
        yield k, np.setdiff1d(everything, test), test
