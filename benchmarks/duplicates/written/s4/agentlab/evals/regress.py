"""Is the new prompt worse than the baseline? Used in CI, therefore sync."""
import argparse
import sys

import mlflow
import pandas as pd

from agentlab.config import settings

METRICS = ("pass_rate", "score")


def load_verdicts(run_id: str) -> pd.DataFrame:
    text = mlflow.artifacts.load_text(f"runs:/{run_id}/verdicts.tsv")
    rows = [ln.split("\t") for ln in text.splitlines()]
    return pd.DataFrame(rows, columns=["case", "score", "reason"]).astype({"score": float})


def get_baseline(suite):
    df = mlflow.search_runs(experiment_names=[settings().eval_experiment], filter_string=f"tags.suite = '{suite}'")
    if "tags.role" in df:
        df = df[df["tags.role"] == "baseline"]
        if not df.empty:
            newest = df.sort_values("start_time").iloc[-1]
            return mlflow.get_run(newest.run_id)
    return None


def newest_candidate(suite):
    df = mlflow.search_runs(experiment_names=[settings().eval_experiment], filter_string=f"tags.suite = '{suite}'")
    if "tags.role" in df:
        df = df[df["tags.role"] == "candidate"]
        if not df.empty:
            newest = df.sort_values("start_time").iloc[-1]
            return mlflow.get_run(newest.run_id)
    return None


def describe(run) -> str:
    name, sep, version = run.data.tags.get("prompt", "").partition("@")
    if not sep:
        return "unknown prompt"
    return f"prompt {name}, version {int(version)}"


def compare(a, b) -> pd.DataFrame:
    m = load_verdicts(a.info.run_id).merge(load_verdicts(b.info.run_id), on="case", suffixes=("_base", "_new"))
    m["delta"] = m["score_new"] - m["score_base"]
    return m.sort_values("delta")


def main() -> int:
    ap = argparse.ArgumentParser()
    ap.add_argument("suite")
    ap.add_argument("--run-id")
    ap.add_argument("--tolerance", type=float, default=0.02)
    ns = ap.parse_args()
    mlflow.set_tracking_uri(settings().tracking)
    base = get_baseline(ns.suite)
    if base is None:
        print("no baseline, passing")
        return 0
    cand = mlflow.get_run(ns.run_id) if ns.run_id else newest_candidate(ns.suite)
    if cand is None:
        return 2
    print(describe(base), "->", describe(cand))
    table = compare(base, cand)
    with mlflow.start_run(run_id=cand.info.run_id):
        mlflow.log_table(table, "regression.json")
        mlflow.set_tag("compared_with", base.info.run_id)
    return int(any(cand.data.metrics[m] < base.data.metrics[m] - ns.tolerance for m in METRICS))


if __name__ == "__main__":
    sys.exit(main())
