from __future__ import annotations

import json
from pathlib import Path

import lightning as L
import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class SceneFolder(Dataset):
    def __init__(self, root: Path, split: str, crop: int, train: bool):
        self.images = sorted((root / split / "images").glob("*.jpg"))
        self.masks = root / split / "masks"
        self.crop = crop
        self.train = train

    def __len__(self) -> int:
        return len(self.images)

    def _crop(self, image: np.ndarray, mask: np.ndarray):
        h, w = mask.shape
        if self.train:
            top = np.random.randint(0, max(h - self.crop, 1))
            left = np.random.randint(0, max(w - self.crop, 1))
        else:
            top, left = (h - self.crop) // 2, (w - self.crop) // 2
        window = np.s_[top : top + self.crop, left : left + self.crop]
        return image[window], mask[window]

    def __getitem__(self, index: int):
        path = self.images[index]
        image = np.asarray(Image.open(path).convert("RGB"), dtype=np.float32) / 255
        mask = np.asarray(Image.open(self.masks / f"{path.stem}.png"), dtype=np.int64)
        image, mask = self._crop(image, mask)
        if self.train and np.random.rand() < 0.5:
            image, mask = image[:, ::-1].copy(), mask[:, ::-1].copy()
        return torch.from_numpy(image).permute(2, 0, 1), torch.from_numpy(mask)


class Scenes(L.LightningDataModule):
    def __init__(self, root: str, classes: int = 19, crop: int = 512, batch_size: int = 8, workers: int = 4):
        super().__init__()
        self.save_hyperparameters()
        self.root = Path(root)

    def class_names(self) -> list[str]:
        return json.loads((self.root / "classes.json").read_text())

    def _loader(self, split: str, train: bool) -> DataLoader:
        h = self.hparams
        data = SceneFolder(self.root, split, h.crop, train)
        return DataLoader(data, h.batch_size, shuffle=train, num_workers=h.workers, drop_last=train)

    def train_dataloader(self):
        return self._loader("train", True)

    def val_dataloader(self):
        return self._loader("val", False)

    def test_dataloader(self):
        return self._loader("test", False)
