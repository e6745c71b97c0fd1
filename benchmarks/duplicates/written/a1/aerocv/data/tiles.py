from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset


def fingerprint(root: Path) -> str:
    """Hash of the names and sizes of all tiles below ``root``."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.png")):
        digest.update(path.name.encode())
        digest.update(str(path.stat().st_size).encode())
    return digest.hexdigest()[:16]


class TileDataset(Dataset):
    def __init__(self, root: Path, split: str, size: int = 640, augment=None):
        self.root = root
        self.size = size
        self.augment = augment
        index = json.loads((root / f"{split}.json").read_text())
        self.items = index["tiles"]
        self.classes = index["classes"]

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, i: int):
        item = self.items[i]
        image = Image.open(self.root / item["file"]).convert("RGB")
        scale = self.size / max(image.size)
        image = image.resize((int(image.width * scale), int(image.height * scale)))
        boxes = np.asarray(item["boxes"], dtype=np.float32).reshape(-1, 4) * scale
        labels = np.asarray(item["labels"], dtype=np.int64)
        array = np.asarray(image, dtype=np.float32) / 255.0
        if self.augment is not None:
            array, boxes = self.augment(array, boxes)
        target = {"boxes": torch.from_numpy(boxes), "labels": torch.from_numpy(labels)}
        return torch.from_numpy(array).permute(2, 0, 1), target


def collate(batch):
    images, targets = zip(*batch)
    return list(images), list(targets)
