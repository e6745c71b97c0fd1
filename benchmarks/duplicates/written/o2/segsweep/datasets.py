import csv
import json
import random
from pathlib import Path

import numpy as np

ROOT = Path("/gpfs/lab/cohorts")


class Volume:
    def __init__(self, path, spacing, label=None):
        self.path = path
        self.spacing = spacing
        self.label = label

    def read(self):
        import nibabel as nib

        image = nib.load(self.path).get_fdata(dtype=np.float32)
        mask = nib.load(self.label).get_fdata().astype(np.uint8) if self.label else None
        return image, mask


def window(image, low=-150, high=250):
    image = np.clip(image, low, high)
    return (image - low) / (high - low)


def crop(image, mask, size, rng):
    corner = [rng.randint(0, max(0, s - c)) for s, c in zip(image.shape, size)]
    box = tuple(slice(k, k + c) for k, c in zip(corner, size))
    return image[box], mask[box]


class Cohort:
    def __init__(self, name, fold=0, folds=5):
        self.name = name
        self.dir = ROOT / name
        self.meta = json.loads((self.dir / "cohort.json").read_text())
        with open(self.dir / "cases.csv") as f:
            self.cases = list(csv.DictReader(f))
        self.fold, self.folds = fold, folds

    def split(self):
        # by patient! not by study
        patients = sorted({c["patient"] for c in self.cases})
        random.Random(17).shuffle(patients)
        held = set(patients[self.fold :: self.folds])
        train = [c for c in self.cases if c["patient"] not in held]
        valid = [c for c in self.cases if c["patient"] in held]
        return [self.volume(c) for c in train], [self.volume(c) for c in valid]

    def volume(self, case):
        spacing = tuple(float(s) for s in case["spacing"].split("x"))
        return Volume(self.dir / case["image"], spacing, self.dir / case["label"])

    @property
    def digest(self):
        return self.meta.get("sha", "none")
