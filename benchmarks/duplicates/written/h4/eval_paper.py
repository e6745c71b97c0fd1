"""Numbers of table 2 in the paper. A key is an alias, a run name, or nothing at all."""
import sys

import mlflow.sklearn
from mlflow.tracking import MlflowClient

from utils import SPLITS, composition, load_split, r2

tracking = MlflowClient()


def lookup(exp_id, key):
    by_alias = tracking.search_runs([exp_id], f"tags.alias = '{key}'", order_by=["start_time DESC"])
    if by_alias:
        return by_alias[0]
    by_name = tracking.search_runs([exp_id], f"tags.mlflow.runName = '{key}'", order_by=["start_time DESC"])
    if by_name:
        return by_name[0]
    newest = tracking.search_runs([exp_id], order_by=["start_time DESC"], max_results=1)
    return newest[0] if newest else None


def main(keys):
    experiment = tracking.get_experiment_by_name("solubility")
    for key in keys:
        run = lookup(experiment.experiment_id, key)
        if run is None:
            print(key, "missing")
            continue
        model = mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model")
        row = []
        for split in SPLITS:
            xs, y = load_split(split, "test")
            row.append(f"{r2(y, model.predict(composition(xs))):.3f}")
        print(key, " & ".join(row), r"\\")


if __name__ == "__main__":
    main(sys.argv[1:])
