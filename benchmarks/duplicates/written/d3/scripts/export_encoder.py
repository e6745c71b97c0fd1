"""TorchScript of the best encoder for the chemists."""
import argparse

import mlflow
import torch

from molrep.mixins import CheckpointMixin
from molrep.models import Encoder

parser = argparse.ArgumentParser()
parser.add_argument("source")
parser.add_argument("--kind", default="attention")
parser.add_argument("--out", default="encoder.pt")


def best_pretrained(source, kind):
    client = mlflow.MlflowClient()
    exp = client.get_experiment_by_name("molrep")
    flt = "tags.phase = 'pretrain' and tags.`data.name` = '{0}' and tags.`arch.kind` = '{1}'".format(source, kind)
    best, best_loss = None, float("inf")
    for run in client.search_runs([exp.experiment_id], flt):
        loss = run.data.metrics.get("best_val_loss")
        if run.info.status != "FINISHED" or loss is None:
            continue
        if loss < best_loss:
            best, best_loss = run, loss
    print("best_val_loss", best_loss)
    return best


if __name__ == "__main__":
    args = parser.parse_args()
    run = best_pretrained(args.source, args.kind)
    if run is None:
        raise SystemExit("nothing to export")
    tags = run.data.tags
    layers = []
    for part in tags["arch.layers"].split(","):
        layers.append(int(part))
    encoder = Encoder(tags["arch.kind"], layers)
    CheckpointMixin().load_state(run.info.run_id, encoder)
    torch.save({"kind": encoder.kind, "layers": encoder.layers, "state": encoder.state_dict()}, args.out)
