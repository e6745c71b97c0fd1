from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from segstream.tracking.lookup import client


def orphans(folder: Path) -> list[Path]:
    known = {p.name for p in folder.iterdir() if p.is_dir()}
    alive = set()
    for experiment in client().search_experiments():
        alive |= {r.info.run_id for r in client().search_runs([experiment.experiment_id])}
    return [folder / name for name in sorted(known - alive)]


def drop_failed(name: str) -> int:
    experiment = client().get_experiment_by_name(name)
    failed = client().search_runs([experiment.experiment_id], "attributes.status = 'FAILED'")
    for run in failed:
        client().delete_run(run.info.run_id)
    return len(failed)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--failed-of")
    args = parser.parse_args()
    for path in orphans(args.folder):
        shutil.rmtree(path)
        print("removed", path)
    if args.failed_of:
        print("deleted", drop_failed(args.failed_of), "runs")


if __name__ == "__main__":
    main()
