import argparse
import json
import os
from pathlib import Path

import mlflow

from docclass.text import normalise, windows


def convert(source: Path, target: Path) -> int:
    count = 0
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.json")):
        document = json.loads(path.read_text())
        tokens = normalise(document["text"]).split()
        for i, part in enumerate(windows(tokens)):
            record = {"text": " ".join(part), "label": document["label"]}
            (target / f"{path.stem}-{i}.json").write_text(json.dumps(record))
            count += 1
    return count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--raw", type=Path)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    root_run = os.getenv("AZUREML_ROOT_RUN_ID")
    options = {"run_name": "prepare", "tags": {"docclass.step": "prepare"}}
    if root_run is not None:
        options["parent_run_id"] = root_run
    with mlflow.start_run(**options):
        n = convert(args.raw, args.out)
        mlflow.log_metric("windows", n)


if __name__ == "__main__":
    main()
