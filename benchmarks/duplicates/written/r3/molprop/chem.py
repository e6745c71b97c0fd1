"""Molecules: standardising, scaffolds, fingerprints."""
from __future__ import annotations

import hashlib
from typing import Iterable, Sequence

import numpy as np
import pandas as pd
from rdkit import Chem
from rdkit.Chem import AllChem
from rdkit.Chem.Scaffolds import MurckoScaffold


def canonical(smiles: str) -> str | None:
    mol = Chem.MolFromSmiles(smiles)
    return Chem.MolToSmiles(mol) if mol is not None else None


def scaffold(smiles: str) -> str:
    return MurckoScaffold.MurckoScaffoldSmiles(smiles=smiles, includeChirality=False)


def fingerprints(smiles: Iterable[str], radius: int = 2, bits: int = 2048) -> np.ndarray:
    rows = []
    for s in smiles:
        fp = AllChem.GetMorganFingerprintAsBitVect(Chem.MolFromSmiles(s), radius, nBits=bits)
        rows.append(np.frombuffer(fp.ToBitString().encode(), "u1") - ord("0"))
    return np.stack(rows)


def scaffold_folds(smiles: Sequence[str], k: int) -> list[np.ndarray]:
    """Greedy: biggest scaffold first into the smallest fold."""
    groups: dict[str, list[int]] = {}
    for i, s in enumerate(smiles):
        groups.setdefault(scaffold(s), []).append(i)
    folds: list[list[int]] = [[] for _ in range(k)]
    for members in sorted(groups.values(), key=len, reverse=True):
        min(folds, key=len).extend(members)
    return [np.array(sorted(f)) for f in folds]


def dataset_hash(df: pd.DataFrame) -> str:
    ordered = df.sort_values("smiles")[["smiles", "y"]]
    return hashlib.sha256(ordered.to_csv(index=False).encode()).hexdigest()[:16]
