"""The network."""

from typing import Any, Tuple

import pytorch_lightning as pl
import torch
import torch.nn.functional as F
from torch import nn


def _block(a: int, b: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU(inplace=True))


class Segmenter(pl.LightningModule):
    """A small U-Net with a dice loss."""

    def __init__(self, width: int = 32, lr: float = 1e-3) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.down1 = _block(3, width)
        self.down2 = _block(width, width * 2)
        self.middle = _block(width * 2, width * 2)
        self.up = _block(width * 3, width)
        self.head = nn.Conv2d(width, 1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        a = self.down1(x)
        b = self.middle(self.down2(F.max_pool2d(a, 2)))
        b = F.interpolate(b, size=a.shape[-2:], mode="bilinear", align_corners=False)
        return self.head(self.up(torch.cat([a, b], dim=1)))

    @staticmethod
    def iou(logits: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        found = logits > 0
        both = (found & (mask > 0)).sum().float()
        either = (found | (mask > 0)).sum().float()
        return both / either.clamp(min=1)

    def _loss(self, logits: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        p = logits.sigmoid()
        dice = 1 - (2 * (p * mask).sum() + 1) / (p.sum() + mask.sum() + 1)
        return dice + F.binary_cross_entropy_with_logits(logits, mask)

    def training_step(self, batch: Tuple[torch.Tensor, torch.Tensor], index: int) -> torch.Tensor:
        x, mask = batch
        loss = self._loss(self(x), mask)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch: Tuple[torch.Tensor, torch.Tensor], index: int) -> None:
        x, mask = batch
        logits = self(x)
        self.log("val_loss", self._loss(logits, mask), sync_dist=True)
        self.log("val_iou", self.iou(logits, mask), sync_dist=True)

    def configure_optimizers(self) -> Any:
        return torch.optim.AdamW(self.parameters(), lr=self.hparams.lr)
