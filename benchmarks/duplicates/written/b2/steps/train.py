import argparse
import json
from pathlib import Path

import mlflow
import torch

from docclass import ctx
from docclass.model import Classifier, tokenizer


def read(folder: Path):
    records = [json.loads(p.read_text()) for p in sorted(folder.glob("*.json"))]
    labels = sorted({r["label"] for r in records})
    return records, labels


def epoch(model, records, labels, tok, optimizer, size=16):
    total = 0.0
    for i in range(0, len(records), size):
        batch = records[i : i + size]
        enc = tok([r["text"] for r in batch], return_tensors="pt", padding=True, truncation=True)
        target = torch.tensor([labels.index(r["label"]) for r in batch])
        loss = torch.nn.functional.cross_entropy(model(enc["input_ids"], enc["attention_mask"]), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    return total / len(records)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path)
    parser.add_argument("--model-name", default="distilbert-base-uncased")
    parser.add_argument("--asset", default="documents:1")
    parser.add_argument("--epochs", type=int, default=3)
    args = parser.parse_args()
    records, labels = read(args.data)
    model, tok = Classifier(args.model_name, len(labels)), tokenizer(args.model_name)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    with ctx.step_run("train"):
        mlflow.set_tags(ctx.lineage_tags(args.model_name, args.asset, "train"))
        for i in range(args.epochs):
            mlflow.log_metric("loss", epoch(model, records, labels, tok, optimizer), step=i)
        mlflow.pytorch.log_model(model, "model")


if __name__ == "__main__":
    main()
