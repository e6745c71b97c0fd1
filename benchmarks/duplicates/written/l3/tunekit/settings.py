import os
from dataclasses import dataclass, field

import yaml

EXPERIMENT = os.environ.get("TUNEKIT_EXPERIMENT", "llm-finetune")
ARTIFACTS = os.environ.get("TUNEKIT_ARTIFACTS")
TEAM = "nlp-platform"
MODEL_TAG = "tunekit.model_name"
JOB_TAG = "tunekit.job"
KIND_TAG = "tunekit.kind"


@dataclass
class Lora:
    r: int = 16
    alpha: int = 32
    dropout: float = 0.05
    targets: list = field(default_factory=lambda: ["q_proj", "v_proj"])


@dataclass
class Job:
    key: str
    model_name: str
    base: str
    data: str
    prompt: str = "default"
    epochs: int = 2
    lr: float = 2e-4
    max_len: int = 1024
    lora: Lora = field(default_factory=Lora)


def load_job(path):
    with open(path) as fh:
        raw = yaml.safe_load(fh)
    lora = Lora(**raw.pop("lora", {}))
    return Job(lora=lora, **raw)
