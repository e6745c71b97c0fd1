"""Pictures and masks."""

from pathlib import Path
from typing import Callable, List, Optional, Tuple

import numpy as np
import pytorch_lightning as pl
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class CrackDataset(Dataset):
    """Pairs of a picture and its mask."""

    def __init__(self, root: Path, names: List[str], transform: Optional[Callable] = None) -> None:
        self.root = root
        self.names = names
        self.transform = transform

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, index: int) -> Tuple[torch.Tensor, torch.Tensor]:
        name = self.names[index]
        image = np.asarray(Image.open(self.root / "images" / f"{name}.jpg").convert("RGB"))
        mask = np.asarray(Image.open(self.root / "masks" / f"{name}.png").convert("L")) > 127
        if self.transform is not None:
            image, mask = self.transform(image, mask)
        x = torch.from_numpy(image.copy()).permute(2, 0, 1).float() / 255
        return x, torch.from_numpy(mask.copy()).float()[None]


def flip(image: np.ndarray, mask: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    if np.random.rand() < 0.5:
        return image[:, ::-1], mask[:, ::-1]
    return image, mask


class CrackData(pl.LightningDataModule):
    def __init__(self, root: Path, version: str, batch_size: int) -> None:
        super().__init__()
        self.root = root / version
        self.batch_size = batch_size

    def _names(self, split: str) -> List[str]:
        return (self.root / f"{split}.txt").read_text().split()

    def train_dataloader(self) -> DataLoader:
        data = CrackDataset(self.root, self._names("train"), flip)
        return DataLoader(data, self.batch_size, shuffle=True, num_workers=4)

    def val_dataloader(self) -> DataLoader:
        return DataLoader(CrackDataset(self.root, self._names("val")), self.batch_size, num_workers=2)

    def test_dataloader(self) -> DataLoader:
        return DataLoader(CrackDataset(self.root, self._names("test")), self.batch_size, num_workers=2)
