import json
import random

from datasets import Dataset

from tunekit.prompts import render


def rows(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            line = line.strip()
            if line:
                yield json.loads(line)


def split(path, frac=0.1, seed=7):
    items = list(rows(path))
    random.Random(seed).shuffle(items)
    n = max(1, int(len(items) * frac))
    return items[n:], items[:n]


def tokenised(items, prompt, tok, max_len):
    def enc(row):
        text = render(prompt, row) + row["answer"] + tok.eos_token
        t = tok(text, truncation=True, max_length=max_len)
        t["labels"] = list(t["input_ids"])
        return t

    return Dataset.from_list(items).map(enc, remove_columns=list(items[0]))
