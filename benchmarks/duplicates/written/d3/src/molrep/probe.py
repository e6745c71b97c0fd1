"""Linear probing. Started as a notebook by Yuki, hence no Experiment subclass."""
import mlflow
import numpy as np
import torch
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import roc_auc_score

from molrep.data import GraphDataset
from molrep.models import Encoder

EXPERIMENT = "molrep"


def load_encoder(source, kind):
    runs = mlflow.search_runs(experiment_names=[EXPERIMENT])
    mask = (
        (runs["tags.phase"] == "pretrain")
        & (runs["tags.data.name"] == source)
        & (runs["tags.arch.kind"] == kind)
        & (runs["status"] == "FINISHED")
    )
    best = runs[mask].sort_values("metrics.best_val_loss").iloc[0]
    sizes = list(map(int, str(best["tags.arch.layers"]).split(",")))
    enc = Encoder(best["tags.arch.kind"], sizes)
    state = mlflow.artifacts.download_artifacts(f"runs:/{best['run_id']}/state.pt")
    enc.load_state_dict(torch.load(state))
    return best["run_id"], enc.eval()


def embed(enc, graphs):
    with torch.no_grad():
        return enc(graphs).numpy()


def probe(dataset: GraphDataset, source: str, kind: str = "conv"):
    run_id, enc = load_encoder(source, kind)
    train, val, test = dataset.parts()
    fit = train + val
    clf = LogisticRegressionCV(Cs=np.logspace(-4, 2, 12), max_iter=2000)
    clf.fit(embed(enc, fit), [int(g.y) for g in fit])
    auc = roc_auc_score([int(g.y) for g in test], clf.predict_proba(embed(enc, test))[:, 1])

    mlflow.set_experiment(EXPERIMENT)
    with mlflow.start_run(run_name=f"probe-{dataset.name}"):
        info = dict(name=dataset.name, split=dataset.split, seed=dataset.seed)
        info["fingerprint"] = dataset.fingerprint()
        info["size"] = len(dataset)
        mlflow.set_tags({f"data.{k}": str(v) for k, v in info.items()})
        mlflow.set_tags({"phase": "probe", "source_run": run_id})
        mlflow.log_metric("auc", auc)
    return auc
