"""Test score of the CNN."""
import sys

import mlflow.pytorch
import torch
from mlflow.tracking import MlflowClient

from utils import load_split, one_hot, r2

client = MlflowClient()


def newest_cnn(split):
    exp = client.get_experiment_by_name("solubility")
    filters = ["tags.model = 'cnn'", "tags.split = '{}'".format(split), "attributes.status = 'FINISHED'"]
    found = client.search_runs(exp.experiment_id, " and ".join(filters), order_by=["attribute.start_time desc"])
    for run in found:
        return run.info.run_id
    raise SystemExit("train first")


split = sys.argv[1] if len(sys.argv) > 1 else "random"
run_id = newest_cnn(split)
net = mlflow.pytorch.load_model(f"runs:/{run_id}/model").eval()
xs, y = load_split(split, "test")
with torch.no_grad():
    score = r2(y, net(torch.tensor(one_hot(xs))).numpy())
client.log_metric(run_id, "test_r2", score)
print(split, score)
