"""Test score of the linear model."""
import sys

import mlflow.sklearn

import utils

split = sys.argv[1] if len(sys.argv) > 1 else "random"
run_id = utils.newest_run("linear", split)
if run_id is None:
    sys.exit("train first")
model = mlflow.sklearn.load_model(f"runs:/{run_id}/model")
xs, y = utils.load_split(split, "test")
print(split, utils.r2(y, model.predict(utils.composition(xs))))
