"""data module, all experiments"""
import glob
import os
import random

import numpy as np
import pytorch_lightning as pl
import tifffile
import torch
from torch.utils.data import DataLoader, Dataset


class Cells(Dataset):
    def __init__(self, files, size=256, aug=False):
        self.files, self.size, self.aug = files, size, aug

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        x = tifffile.imread(self.files[i]).astype("f4")
        y = tifffile.imread(self.files[i].replace("_img", "_msk")) > 0
        x = (x - x.mean()) / (x.std() + 1e-6)
        h, w = x.shape
        a, b = random.randint(0, h - self.size), random.randint(0, w - self.size)
        x, y = x[a:a + self.size, b:b + self.size], y[a:a + self.size, b:b + self.size]
        if self.aug and random.random() < .5:
            x, y = x[:, ::-1].copy(), y[:, ::-1].copy()
        return torch.from_numpy(x)[None], torch.from_numpy(y.astype("f4"))[None]


class CellsDM(pl.LightningDataModule):
    def __init__(self, root, fold=0, bs=16, aug=False):
        super().__init__()
        self.root, self.fold, self.bs, self.aug = root, fold, bs, aug

    def setup(self, stage=None):
        fs = sorted(glob.glob(os.path.join(self.root, "*_img.tif")))
        idx = np.arange(len(fs)) % 5
        self.tr = [f for f, k in zip(fs, idx) if k != self.fold]
        self.va = [f for f, k in zip(fs, idx) if k == self.fold]

    def train_dataloader(self):
        return DataLoader(Cells(self.tr, aug=self.aug), self.bs, shuffle=True, num_workers=4)

    def val_dataloader(self):
        return DataLoader(Cells(self.va), self.bs, num_workers=4)
