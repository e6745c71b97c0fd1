from __future__ import annotations

import lightning as L
import torch
from torch import nn
from torch.nn import functional as F


class ConvBlock(nn.Sequential):
    def __init__(self, a: int, b: int, stride: int = 1):
        super().__init__(
            nn.Conv2d(a, b, 3, stride, 1, bias=False),
            nn.BatchNorm2d(b),
            nn.ReLU(inplace=True),
        )


class Pyramid(nn.Module):
    def __init__(self, channels: int, bins=(1, 2, 4)):
        super().__init__()
        part = channels // len(bins)
        self.stages = nn.ModuleList(
            nn.Sequential(nn.AdaptiveAvgPool2d(n), nn.Conv2d(channels, part, 1)) for n in bins
        )
        self.merge = ConvBlock(channels + part * len(bins), channels)

    def forward(self, x):
        size = x.shape[-2:]
        pooled = [F.interpolate(s(x), size, mode="bilinear", align_corners=False) for s in self.stages]
        return self.merge(torch.cat([x, *pooled], dim=1))


class Segmenter(L.LightningModule):
    def __init__(self, classes: int = 19, width: int = 48, lr: float = 1e-3, ignore: int = 255):
        super().__init__()
        self.save_hyperparameters()
        w = width
        self.encoder = nn.Sequential(ConvBlock(3, w, 2), ConvBlock(w, 2 * w, 2), ConvBlock(2 * w, 4 * w, 2))
        self.context = Pyramid(4 * w)
        self.head = nn.Conv2d(4 * w, classes, 1)
        self.register_buffer("confusion", torch.zeros(classes, classes), persistent=False)

    def forward(self, x):
        logits = self.head(self.context(self.encoder(x)))
        return F.interpolate(logits, x.shape[-2:], mode="bilinear", align_corners=False)

    def training_step(self, batch, index):
        x, y = batch
        loss = F.cross_entropy(self(x), y, ignore_index=self.hparams.ignore)
        self.log("train/loss", loss)
        return loss

    def validation_step(self, batch, index):
        x, y = batch
        prediction = self(x).argmax(1)
        keep = y != self.hparams.ignore
        k = self.hparams.classes
        counts = torch.bincount(y[keep] * k + prediction[keep], minlength=k * k)
        self.confusion += counts.reshape(k, k).to(self.confusion)

    def on_validation_epoch_end(self):
        inter = self.confusion.diag()
        union = self.confusion.sum(0) + self.confusion.sum(1) - inter
        self.log("val/miou", (inter / union.clamp(min=1)).mean(), prog_bar=True)
        self.confusion.zero_()

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, self.hparams.lr, total_steps=self.trainer.estimated_stepping_batches
        )
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}
