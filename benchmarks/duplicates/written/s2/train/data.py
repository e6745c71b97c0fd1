"""Splits by patient, never by slice."""
import random
from collections import defaultdict
from pathlib import Path

import numpy as np

SITES = ("uke", "lmu", "karolinska", "ucl")


def patients(root: Path, site: str):
    by = defaultdict(list)
    for f in sorted((root / site).glob("*.npz")):
        by[f.stem.split("_")[0]].append(f)
    return by


def folds(root, site, k=5, seed=1234):
    pts = sorted(patients(root, site))
    random.Random(seed).shuffle(pts)
    return [pts[i::k] for i in range(k)]


def split(root, site, fold, k=5):
    parts = folds(root, site, k)
    val = set(parts[fold])
    by = patients(root, site)
    tr = [f for p, fs in by.items() if p not in val for f in fs]
    va = [f for p, fs in by.items() if p in val for f in fs]
    return tr, va


def load(path):
    z = np.load(path)
    img = np.clip(z["img"], -150, 250).astype("float32")
    img = (img - img.mean()) / (img.std() + 1e-6)
    return img, z["seg"].astype("int64")
