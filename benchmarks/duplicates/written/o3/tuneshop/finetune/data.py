from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from tuneshop.schemas import Example

TEMPLATE = "<|user|>\n{question}\n<|assistant|>\n{answer}"


def read_jsonl(path: Path) -> Iterator[Example]:
    with path.open(encoding="utf-8") as fh:
        for number, line in enumerate(fh, 1):
            line = line.strip()
            if not line:
                continue
            try:
                yield Example.model_validate(json.loads(line))
            except ValueError as exc:
                raise ValueError(f"{path}:{number}: {exc}") from exc


def split(examples: list[Example], share: float = 0.05, seed: int = 7) -> tuple[list[Example], list[Example]]:
    rng = random.Random(seed)
    shuffled = examples[:]
    rng.shuffle(shuffled)
    cut = max(1, int(len(shuffled) * share))
    return shuffled[cut:], shuffled[:cut]


def render(example: Example) -> str:
    question = example.question
    if example.context:
        question = "\n\n".join(example.context) + "\n\n" + question
    return TEMPLATE.format(question=question, answer=example.expected or "")


def dedupe(examples: list[Example]) -> list[Example]:
    seen: set[str] = set()
    kept = []
    for example in examples:
        key = " ".join(example.question.lower().split())
        if key in seen:
            continue
        seen.add(key)
        kept.append(example)
    return kept
