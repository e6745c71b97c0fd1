"""Reading and hashing of the tickets."""
from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Iterator

import torch
from torch.utils.data import Dataset


def read_jsonl(path: str) -> Iterator[dict]:
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            if line.strip():
                yield json.loads(line)


def file_hash(path: str) -> str:
    digest = hashlib.md5()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def mask(text: str) -> str:
    """Take mail addresses and numbers out."""
    words = []
    for word in text.split():
        if "@" in word:
            words.append("<mail>")
        elif sum(char.isdigit() for char in word) > 4:
            words.append("<number>")
        else:
            words.append(word)
    return " ".join(words)


class Tickets(Dataset):
    def __init__(self, path: str, tokenizer, labels: list[str], max_length: int) -> None:
        rows = list(read_jsonl(path))
        self.encoded = tokenizer(
            [mask(row["text"]) for row in rows], truncation=True, max_length=max_length, padding="max_length"
        )
        self.targets = [labels.index(row["label"]) for row in rows]
        self.name = Path(path).stem

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, index: int) -> dict:
        item = {key: torch.tensor(value[index]) for key, value in self.encoded.items()}
        item["labels"] = torch.tensor(self.targets[index])
        return item
