"""A JSON file that remembers which key belongs to which run id."""

import json
import os
import time
from pathlib import Path
from typing import Any, Dict, Optional


class RunIndex:
    """Maps run keys to run ids; the file is replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    def _load(self) -> Dict[str, Any]:
        if not self.path.exists():
            return {}
        try:
            return json.loads(self.path.read_text(encoding="utf-8"))
        except json.JSONDecodeError:
            return {}

    def get(self, key: str) -> Optional[str]:
        entry = self._load().get(key)
        return entry["run_id"] if entry else None

    def put(self, key: str, run_id: str, experiment_id: str) -> None:
        content = self._load()
        content[key] = {"run_id": run_id, "experiment_id": experiment_id, "at": time.time()}
        part = self.path.with_suffix(".part")
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(content, indent=2), encoding="utf-8")
        os.replace(part, self.path)
