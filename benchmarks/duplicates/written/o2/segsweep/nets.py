import torch
from torch import nn


def block(cin, cout, norm):
    layers = [nn.Conv3d(cin, cout, 3, padding=1, bias=False)]
    layers.append(nn.InstanceNorm3d(cout) if norm == "instance" else nn.BatchNorm3d(cout))
    layers.append(nn.LeakyReLU(0.01, inplace=True))
    return nn.Sequential(*layers)


class UNet(nn.Module):
    def __init__(self, width=32, depth=5, classes=2, norm="instance"):
        super().__init__()
        widths = [min(320, width * 2**i) for i in range(depth)]
        self.down = nn.ModuleList()
        cin = 1
        for w in widths:
            self.down.append(nn.Sequential(block(cin, w, norm), block(w, w, norm)))
            cin = w
        self.up = nn.ModuleList()
        for w in reversed(widths[:-1]):
            self.up.append(block(cin + w, w, norm))
            cin = w
        self.head = nn.Conv3d(cin, classes, 1)

    def forward(self, x):
        skips = []
        for i, stage in enumerate(self.down):
            x = stage(x if i == 0 else nn.functional.max_pool3d(x, 2))
            skips.append(x)
        skips.pop()
        for stage in self.up:
            skip = skips.pop()
            x = nn.functional.interpolate(x, size=skip.shape[2:])
            x = stage(torch.cat([x, skip], 1))
        return self.head(x)


def soft_dice(logits, target, eps=1e-5):
    p = logits.softmax(1)[:, 1]
    t = (target == 1).float()
    inter = (p * t).sum()
    return 1 - (2 * inter + eps) / (p.sum() + t.sum() + eps)


def build(cfg):
    return UNet(cfg["width"], cfg["depth"], norm=cfg["norm"])
