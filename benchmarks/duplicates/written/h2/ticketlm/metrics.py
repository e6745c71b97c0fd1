from __future__ import annotations

import numpy as np
from sklearn.metrics import accuracy_score, f1_score


def compute(prediction) -> dict[str, float]:
    guess = np.argmax(prediction.predictions, axis=-1)
    truth = prediction.label_ids
    return {
        "accuracy": float(accuracy_score(truth, guess)),
        "macro_f1": float(f1_score(truth, guess, average="macro")),
    }
