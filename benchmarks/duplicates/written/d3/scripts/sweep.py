"""Random search over pretraining. python scripts/sweep.py data/ zinc --trials 20"""
import argparse
import random

import mlflow

from molrep.data import GraphDataset
from molrep.models import Encoder
from molrep.pretrain import MaskedAtoms

SPACE = {
    "lr": lambda: 10 ** random.uniform(-4, -2),
    "mask": lambda: random.choice([0.1, 0.15, 0.25]),
    "layers": lambda: random.choice([[64, 64], [128, 128], [128, 128, 128], [256, 256]]),
}


def experiment_id(name):
    try:
        return mlflow.create_experiment(name, tags={"paper": "molrep-2023"})
    except mlflow.exceptions.MlflowException as err:
        if err.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    return mlflow.get_experiment_by_name(name).experiment_id


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("root")
    ap.add_argument("dataset")
    ap.add_argument("--kind", default="conv")
    ap.add_argument("--trials", type=int, default=20)
    args = ap.parse_args()
    eid = experiment_id("molrep-sweeps")
    ds = GraphDataset.load(args.root, args.dataset)

    with mlflow.start_run(
        experiment_id=eid,
        run_name="sweep-" + args.dataset,
        tags={"phase": "sweep", "data.name": args.dataset, "arch.kind": args.kind},
    ):
        for n in range(args.trials):
            conf = {k: draw() for k, draw in SPACE.items()}
            tags = {"role": "trial", "index": str(n)}
            with mlflow.start_run(experiment_id=eid, run_name="trial-%d" % n, nested=True, tags=tags) as trial:
                mlflow.log_params(conf)
                exp = MaskedAtoms(
                    ds, epochs=5, lr=conf["lr"], mask=conf["mask"], encoder=Encoder(args.kind, conf["layers"])
                )
                exp.body(trial.info.run_id)


if __name__ == "__main__":
    main()
