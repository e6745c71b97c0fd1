"""Content hashes of DICOM folders. Order of files must not matter."""
from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Iterable

from imgplat.core.types import DatasetHash, DatasetRef, Modality

_CHUNK = 1 << 20


def file_digest(path: Path) -> str:
    h = hashlib.sha256()
    with path.open("rb") as fh:
        while chunk := fh.read(_CHUNK):
            h.update(chunk)
    return h.hexdigest()


def combine(digests: Iterable[str]) -> DatasetHash:
    h = hashlib.sha256()
    for d in sorted(digests):
        h.update(bytes.fromhex(d))
    return DatasetHash(h.hexdigest())


def describe(root: Path, modality: Modality, threads: int = 8) -> DatasetRef:
    files = [p for p in root.rglob("*.dcm") if p.is_file()]
    if not files:
        raise FileNotFoundError(f"no DICOM files below {root}")
    with ThreadPoolExecutor(threads) as pool:
        digest = combine(pool.map(file_digest, files))
    return DatasetRef(root.name, digest, root, modality, len({p.parent for p in files}))
