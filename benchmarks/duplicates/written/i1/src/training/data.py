"""Reading annotated resumes."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List, Sequence, Tuple


@dataclass(frozen=True)
class Example:
    text: str
    spans: Tuple[Tuple[int, int, str], ...]


def read_jsonl(path: Path) -> Iterator[Example]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            spans = tuple((int(a), int(b), str(label)) for a, b, label in row["entities"])
            yield Example(row["text"], spans)


def labels_of(examples: Sequence[Example]) -> List[str]:
    names = sorted({label for example in examples for _, _, label in example.spans})
    return ["O"] + [f"{prefix}-{name}" for name in names for prefix in ("B", "I")]


def folds(count: int, k: int, seed: int) -> List[Tuple[List[int], List[int]]]:
    """k pairs of training and validation indices."""
    order = list(range(count))
    random.Random(seed).shuffle(order)
    size = count // k
    pairs = []
    for i in range(k):
        held = order[i * size : (i + 1) * size] if i < k - 1 else order[i * size :]
        kept = [j for j in order if j not in set(held)]
        pairs.append((kept, held))
    return pairs
