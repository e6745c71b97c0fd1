from __future__ import annotations

import torch
from torch import nn
from torchvision.models.detection import FasterRCNN, fasterrcnn_resnet50_fpn_v2
from torchvision.models.detection.rpn import AnchorGenerator


class TinyBackbone(nn.Module):
    out_channels = 256

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for width in (32, 64, 128, 256):
            layers += [
                nn.Conv2d(channels, width, 3, stride=2, padding=1),
                nn.BatchNorm2d(width),
                nn.ReLU(inplace=True),
            ]
            channels = width
        self.body = nn.Sequential(*layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x)


def build_model(backbone: str, classes: int) -> nn.Module:
    if backbone == "resnet50":
        return fasterrcnn_resnet50_fpn_v2(weights=None, num_classes=classes + 1)
    if backbone == "tiny":
        anchors = AnchorGenerator(sizes=((16, 32, 64, 128),), aspect_ratios=((0.5, 1.0, 2.0),))
        return FasterRCNN(TinyBackbone(), num_classes=classes + 1, rpn_anchor_generator=anchors)
    raise ValueError(f"unknown backbone {backbone!r}")


def parameter_count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
