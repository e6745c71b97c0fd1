#!/usr/bin/env python
"""Which part of the encoder matters? For the rebuttal."""
import sys
from concurrent.futures import ThreadPoolExecutor

from mlflow import MlflowClient
from mlflow.entities import RunTag, ViewType

from molrep.data import GraphDataset
from molrep.finetune import Finetune
from molrep.models import Encoder

client = MlflowClient()


def new_variant(eid, parent, i):
    run = client.create_run(eid, run_name=f"variant-{i}")
    rid = run.info.run_id
    client.set_tag(rid, "mlflow.parentRunId", parent)
    client.set_tag(rid, "role", "variant")
    client.set_tag(rid, "index", i)
    return rid


def variants(base):
    yield "full", base
    yield "shallow", base[:1]
    yield "narrow", [n // 2 for n in base]


def main(root, name):
    ds = GraphDataset.load(root, name)
    exp = Finetune(ds, source="zinc", epochs=10)
    parent = client.create_run(exp.experiment_id, run_name="ablation-" + name).info.run_id
    client.log_batch(
        parent,
        tags=[RunTag("phase", "ablation"), RunTag("data.name", name), RunTag("rebuttal", "R2")],
    )

    def one(arg):
        i, (label, layers) = arg
        rid = new_variant(exp.experiment_id, parent, i)
        auc = exp.fit(Encoder("conv", layers))
        client.log_param(rid, "variant", label)
        client.log_metric(rid, "auc", auc)
        return rid, auc

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(one, enumerate(variants([128, 128]))))
    for rid in [rid for rid, _ in done] + [parent]:
        client.set_terminated(rid)
    print([auc for _, auc in done])


def purge(eid):
    gone = client.search_runs([eid], "tags.phase = 'ablation'", run_view_type=ViewType.DELETED_ONLY)
    for p in gone:
        for kid in client.search_runs([eid], f"tags.mlflow.parentRunId = '{p.info.run_id}'"):
            client.delete_run(kid.info.run_id)


if __name__ == "__main__":
    main(*sys.argv[1:3])
