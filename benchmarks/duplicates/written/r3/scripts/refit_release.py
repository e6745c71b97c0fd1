"""Refits the best model on all data for the design team's plug-in."""
import argparse
import tempfile
from pathlib import Path

import joblib
import mlflow
from mlflow.tracking import MlflowClient

from molprop.chem import dataset_hash, fingerprints
from molprop.models import ForestSpec
from molprop.utils import dump_json, find_by_lineage, get_or_create_experiment, lineage_tags, load_assay


def previous_release(exp_id):
    hits = MlflowClient().search_runs(
        [exp_id], "tags.`molprop.level` = 'release'", order_by=["attributes.start_time DESC"], max_results=1
    )
    return hits[0] if hits else None


def prune_releases(exp_id, keep=3):
    c = MlflowClient()
    old = c.search_runs([exp_id], "tags.`molprop.level` = 'release'", order_by=["attributes.start_time DESC"])[keep:]
    for r in old:
        c.delete_run(r.info.run_id)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("assay")
    ap.add_argument("endpoint")
    ns = ap.parse_args()
    df = load_assay(ns.assay)
    h = dataset_hash(df)
    exp_id = get_or_create_experiment(ns.assay, ns.endpoint)
    base = find_by_lineage(exp_id, h, "scaffold")
    if base is None:
        raise SystemExit("cross-validate this data set first")
    last = previous_release(exp_id)
    if last is not None and last.data.tags.get("molprop.base_run") == base.info.run_id:
        print("nothing new")
        return
    tags = lineage_tags(h, "none", ns.assay)
    tags["molprop.level"] = "release"
    tags["molprop.base_run"] = base.info.run_id
    with mlflow.start_run(experiment_id=exp_id, run_name="release", tags=tags), tempfile.TemporaryDirectory() as tmp:
        model = ForestSpec().build().fit(fingerprints(df.smiles), df.y)
        joblib.dump(model, Path(tmp) / "model.joblib")
        dump_json({"n": len(df), "dataset": h}, str(Path(tmp) / "card.json"))
        mlflow.log_artifacts(tmp)
    prune_releases(exp_id)


if __name__ == "__main__":
    main()
