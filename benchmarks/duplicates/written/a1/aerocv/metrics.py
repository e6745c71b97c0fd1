from __future__ import annotations

import numpy as np
import torch


def iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    left = np.maximum(a[:, None, :2], b[None, :, :2])
    right = np.minimum(a[:, None, 2:], b[None, :, 2:])
    inter = np.prod(np.clip(right - left, 0, None), axis=2)
    area_a = np.prod(a[:, 2:] - a[:, :2], axis=1)
    area_b = np.prod(b[:, 2:] - b[:, :2], axis=1)
    return inter / (area_a[:, None] + area_b[None, :] - inter + 1e-9)


def average_precision(scores, hits, positives: int) -> float:
    if positives == 0:
        return 0.0
    order = np.argsort(-np.asarray(scores))
    hit = np.asarray(hits, dtype=float)[order]
    tp = np.cumsum(hit)
    precision = tp / (np.arange(len(hit)) + 1)
    return float(np.sum(precision * hit) / positives)


@torch.no_grad()
def mean_ap(model, loader, device, threshold: float = 0.5) -> float:
    model.eval()
    scores, hits, positives = [], [], 0
    for images, targets in loader:
        outputs = model([image.to(device) for image in images])
        for out, target in zip(outputs, targets):
            truth = target["boxes"].numpy()
            positives += len(truth)
            used: set[int] = set()
            boxes = out["boxes"].cpu().numpy()
            overlap = iou(boxes, truth) if len(truth) and len(boxes) else None
            for i, score in enumerate(out["scores"].cpu().numpy()):
                scores.append(score)
                j = int(overlap[i].argmax()) if overlap is not None else -1
                ok = j >= 0 and overlap[i, j] >= threshold and j not in used
                hits.append(ok)
                if ok:
                    used.add(j)
    return average_precision(scores, hits, positives)
