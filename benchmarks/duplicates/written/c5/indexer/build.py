"""Builds the index and records it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import mlflow
import requests

from mlutils import RunLookup, child_run, component_run
from mlutils.config import Settings
from mlutils.tags import host_tags, index_tags


def documents(path: Path) -> Iterable[dict]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            yield {"id": item["sku"], "title": item["title"], "brand": item.get("brand", ""), "price": item["price"]}


def digest(path: Path) -> str:
    h = hashlib.blake2b(digest_size=12)
    with path.open("rb") as source:
        while chunk := source.read(1 << 20):
            h.update(chunk)
    return h.hexdigest()


def bulk(url: str, index: str, batch: list[dict]) -> int:
    body = "".join(json.dumps({"index": {"_index": index, "_id": d["id"]}}) + "\n" + json.dumps(d) + "\n" for d in batch)
    answer = requests.post(f"{url}/_bulk", data=body, headers={"Content-Type": "application/x-ndjson"}, timeout=60)
    answer.raise_for_status()
    return sum(1 for i in answer.json()["items"] if i["index"]["status"] < 300)


def already_built(mark: str) -> bool:
    return RunLookup("indexer").by_digest(mark) is not None


def build(path: Path, analyzer: str = "german_light") -> int:
    settings = Settings.from_env()
    mark = digest(path)
    if already_built(mark):
        return 0
    written, batch = 0, []
    with component_run("indexer", f"build-{mark[:6]}"):
        mlflow.set_tags(host_tags())
        with child_run("bulk"):
            for doc in documents(path):
                batch.append(doc)
                if len(batch) == 1000:
                    written += bulk(settings.elastic, "products", batch)
                    batch.clear()
            if batch:
                written += bulk(settings.elastic, "products", batch)
            mlflow.log_metric("written", written)
        mlflow.set_tags(index_tags(mark, written, analyzer))
    return written
