"""Datasets of the liver and spleen studies."""

import json
import random
from pathlib import Path

from monai.data import CacheDataset, DataLoader
from monai.transforms import (
    Compose,
    EnsureChannelFirstd,
    LoadImaged,
    Orientationd,
    RandCropByPosNegLabeld,
    ScaleIntensityRanged,
    Spacingd,
)

KEYS = ("image", "label")


def train_transforms(roi):
    return Compose(
        [
            LoadImaged(KEYS),
            EnsureChannelFirstd(KEYS),
            Orientationd(KEYS, axcodes="RAS"),
            Spacingd(KEYS, pixdim=(1.5, 1.5, 2.0), mode=("bilinear", "nearest")),
            ScaleIntensityRanged("image", a_min=-57, a_max=164, b_min=0.0, b_max=1.0, clip=True),
            RandCropByPosNegLabeld(KEYS, label_key="label", spatial_size=roi, pos=1, neg=1, num_samples=4),
        ]
    )


def load_cases(root, study):
    listing = json.loads((Path(root) / study / "dataset.json").read_text())
    return [
        {"image": str(Path(root) / study / c["image"]), "label": str(Path(root) / study / c["label"])}
        for c in listing["training"]
    ]


def make_folds(cases, k=5, seed=17):
    order = list(cases)
    random.Random(seed).shuffle(order)
    return [order[i::k] for i in range(k)]


def loaders(cases, folds, index, roi, batch=2):
    val = folds[index]
    train = [c for i, f in enumerate(folds) if i != index for c in f]
    ds_train = CacheDataset(train, train_transforms(roi), cache_rate=0.2)
    ds_val = CacheDataset(val, train_transforms(roi), cache_rate=1.0)
    return DataLoader(ds_train, batch_size=batch, shuffle=True), DataLoader(ds_val, batch_size=1)
