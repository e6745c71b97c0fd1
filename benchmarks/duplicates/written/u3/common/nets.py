import torch
import torch.nn as nn
import torch.nn.functional as F


def blk(i, o):
    return nn.Sequential(
        nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(True),
        nn.Conv2d(o, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(True),
    )


class UNet(nn.Module):
    def __init__(self, ch=1, w=32, depth=4):
        super().__init__()
        ws = [w * 2 ** i for i in range(depth)]
        self.down = nn.ModuleList(blk(a, b) for a, b in zip([ch] + ws[:-1], ws))
        self.up = nn.ModuleList(blk(a + b, b) for a, b in zip(ws[::-1], ws[-2::-1]))
        self.out = nn.Conv2d(w, 1, 1)

    def forward(self, x):
        skips = []
        for i, d in enumerate(self.down):
            x = d(x)
            if i < len(self.down) - 1:
                skips.append(x)
                x = F.max_pool2d(x, 2)
        for u in self.up:
            x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
            x = u(torch.cat([x, skips.pop()], 1))
        return self.out(x)


def dice(p, t, eps=1e-6):
    p, t = p.sigmoid().flatten(1), t.flatten(1)
    return ((2 * (p * t).sum(1) + eps) / (p.sum(1) + t.sum(1) + eps)).mean()


def count(mask):
    from scipy.ndimage import label

    return label(mask > 0.5)[1]
