import sys

import mlflow
import pandas as pd

from segstream.tracking.history import best_epoch, rows


def main(name="segstream"):
    experiment = mlflow.get_experiment_by_name(name)
    if experiment is None:
        sys.exit(f"no experiment {name}")
    frame = pd.DataFrame(rows(experiment.experiment_id))
    if frame.empty:
        sys.exit("no runs")
    frame["best_epoch"] = [getattr(best_epoch(i), "epoch", None) for i in frame["id"]]
    columns = [c for c in ("id", "width", "lr", "val/miou", "best_epoch") if c in frame]
    print(frame[columns].sort_values("val/miou", ascending=False).to_string(index=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
