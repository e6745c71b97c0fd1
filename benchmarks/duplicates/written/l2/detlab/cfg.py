import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import List

import yaml


@dataclass
class Cfg:
    name: str = "frcnn_r50"
    experiment: str = "detlab"
    data_root: str = "data/coco"
    classes: int = 80
    lr: float = 0.005
    momentum: float = 0.9
    batch: int = 8
    epochs: int = 24
    steps: List[int] = field(default_factory=lambda: [16, 22])
    out: str = "work_dirs"
    seed: int = 0
    amp: bool = True

    @classmethod
    def load(cls, path):
        with open(path) as f:
            return cls(**(yaml.safe_load(f) or {}))

    def hash(self):
        d = asdict(self)
        d.pop("out")
        return hashlib.sha1(json.dumps(d, sort_keys=True).encode()).hexdigest()[:12]
