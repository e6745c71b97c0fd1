import os

import torch
from torch.utils.data import DataLoader
from torchvision import transforms as T
from torchvision.datasets import CocoDetection


class Coco(CocoDetection):
    def __getitem__(self, i):
        img, anns = super().__getitem__(i)
        boxes, labels = [], []
        for a in anns:
            x, y, w, h = a["bbox"]
            if w < 1 or h < 1:
                continue
            boxes.append([x, y, x + w, y + h])
            labels.append(a["category_id"])
        target = {
            "boxes": torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4),
            "labels": torch.tensor(labels, dtype=torch.int64),
        }
        return T.functional.to_tensor(img), target


def collate(batch):
    return tuple(zip(*batch))


def loader(cfg, split):
    ds = Coco(
        os.path.join(cfg.data_root, f"{split}2017"),
        os.path.join(cfg.data_root, "annotations", f"instances_{split}2017.json"),
    )
    return DataLoader(ds, cfg.batch, shuffle=split == "train", num_workers=4, collate_fn=collate)
