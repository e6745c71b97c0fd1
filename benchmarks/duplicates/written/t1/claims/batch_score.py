"""Nightly scoring of the open portfolio with the approved models."""
import json
import logging
import os
import sys

import mlflow
import pandas as pd

from shared.mlf import get_approved_run

log = logging.getLogger("batch_score")

CHUNK = 200_000


def load_champion(experiment_name, line):
    """Model which has been approved last. Returns (model, run_id) or (None, None)."""
    runs = mlflow.search_runs(
        experiment_names=[experiment_name],
        filter_string="attributes.status = 'FINISHED'",
    )
    if "tags.approved" not in runs.columns:
        return None, None
    ok = (runs["tags.approved"] == "true") & (runs["tags.line_of_business"] == line)
    runs = runs[ok].sort_values("start_time", ascending=False)
    if runs.empty:
        return None, None
    run_id = runs["run_id"].iloc[0]
    return mlflow.pyfunc.load_model(f"runs:/{run_id}/model"), run_id


def factor_columns(run_id):
    tags = mlflow.get_run(run_id).data.tags
    if "rating_factors" in tags:
        try:
            cols = json.loads(tags["rating_factors"])
        except ValueError:
            cols = []
    else:
        cols = []
    return cols


def read_chunks(path):
    if path.endswith(".csv"):
        yield from pd.read_csv(path, chunksize=CHUNK)
        return
    df = pd.read_parquet(path)
    for start in range(0, len(df), CHUNK):
        yield df.iloc[start:start + CHUNK]


def score_file(path, out_path, experiment_name, line, id_col="policy_id"):
    model, run_id = load_champion(experiment_name, line)
    if model is None:
        log.error("nothing approved for %s, leaving", line)
        return 1
    cols = factor_columns(run_id)
    parts = []
    for chunk in read_chunks(path):
        absent = set(cols) - set(chunk.columns)
        if absent:
            raise KeyError(f"columns {sorted(absent)} missing in {path}")
        x = chunk[cols] if cols else chunk.drop(columns=[id_col])
        parts.append(pd.DataFrame({id_col: chunk[id_col], "score": model.predict(x)}))
    res = pd.concat(parts, ignore_index=True)
    res["model_run_id"] = run_id
    os.makedirs(os.path.dirname(out_path), exist_ok=True)
    res.to_parquet(out_path)
    log.info("%d rows scored with %s", len(res), run_id)
    return 0


def score_household(path, out_path):
    """Household still has its own id and goes through the shared helper."""
    run = get_approved_run("pricing-household", "household")
    if run is None:
        raise RuntimeError("no approved household model")
    model = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model")
    df = pd.read_parquet(path)
    df["score"] = model.predict(df.drop(columns=["contract_no"]))
    df[["contract_no", "score"]].to_parquet(out_path)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    sys.exit(score_file(*sys.argv[1:5]))
