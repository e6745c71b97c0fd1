"""Table of all cross-validations for the monthly project meeting."""
import sys

import mlflow
import pandas as pd


def cv_frame(experiment):
    exp = mlflow.get_experiment_by_name(experiment)
    if exp is None:
        sys.exit("unknown experiment " + experiment)
    parents = mlflow.search_runs([exp.experiment_id], "tags.role = 'cv' and status = 'FINISHED'")
    kids = mlflow.search_runs([exp.experiment_id], "tags.role = 'fold'")
    rows = []
    for _, p in parents.iterrows():
        mine = kids[kids["tags.mlflow.parentRunId"] == p["run_id"]]
        raw = p.get("tags.targets")
        targets = [x.strip() for x in raw.split(",") if x.strip()] if isinstance(raw, str) else []
        rows.append({
            "assay": p["tags.assay"],
            "targets": len(targets),
            "n_mols": int(p["tags.n_mols"]),
            "rmse": mine["metrics.fold_rmse"].mean(),
            "sd": mine["metrics.fold_rmse"].std(),
        })
    return pd.DataFrame(rows).sort_values("rmse")


if __name__ == "__main__":
    frame = cv_frame(sys.argv[1])
    print(frame.to_markdown(index=False, floatfmt=".3f"))
    if len(sys.argv) > 2:
        frame.to_excel(sys.argv[2], index=False)
