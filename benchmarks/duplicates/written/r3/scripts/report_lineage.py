"""Markdown report for the project meeting: which run is from which data and code."""
import argparse
import sys
from datetime import datetime

from mlflow.tracking import MlflowClient

from molprop.tracking.lineage import Lineage
from molprop.utils import fold_metrics

client = MlflowClient()


def lineage_of(run_id):
    run = client.get_run(run_id)
    tags = run.data.tags
    try:
        digest = tags["molprop.dataset"]
    except KeyError:
        return None
    return Lineage(digest, tags.get("molprop.split") or "random", tags.get("molprop.target", ""), tags.get("molprop.commit", ""))


def up(run):
    """the topmost run of the tree, None for a top run itself"""
    top = None
    while True:
        pid = run.data.tags.get("mlflow.parentRunId", "")
        if not pid:
            return top
        run = top = client.get_run(pid)


def top_study(exp_id):
    studies = [
        r
        for r in client.search_runs([exp_id], max_results=2000)
        if r.data.tags.get("molprop.level") == "study" and "cv_rmse" in r.data.metrics
    ]
    studies.sort(key=lambda r: r.data.metrics["cv_rmse"])
    if studies:
        return studies[0]


def reviewer(run):
    return run.data.tags.get("molprop.reviewed_by") or "nobody"


def section(title, rows, out):
    out.write(f"## {title}\n\n")
    for k, v in rows:
        out.write(f"- {k}: {v}\n")
    out.write("\n")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("run_ids", nargs="+")
    ap.add_argument("--out", type=argparse.FileType("w"), default=sys.stdout)
    a = ap.parse_args()
    for rid in a.run_ids:
        run = client.get_run(rid)
        lin = lineage_of(rid)
        when = datetime.fromtimestamp(run.info.start_time / 1000).strftime("%d %b %Y")
        rows = [("started", when), ("reviewed by", reviewer(run))]
        if lin is None:
            rows.append(("lineage", "unknown (before 2022)"))
        else:
            rows += [("data", lin.dataset), ("split", lin.split), ("commit", lin.commit)]
        above = up(run)
        if above is not None:
            rows.append(("part of", above.info.run_name))
        rows.append(("folds", ", ".join(f"{k}: {v:.2f}" for k, v in fold_metrics(rid) if v is not None) or "none"))
        best = top_study(run.info.experiment_id)
        rows.append(("best study of the experiment", best.info.run_name if best else "none"))
        section(run.info.run_name or rid, rows, a.out)


if __name__ == "__main__":
    main()
