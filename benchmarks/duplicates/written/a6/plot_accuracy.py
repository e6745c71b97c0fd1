import sys

import matplotlib.pyplot as plt
import mlflow

exp_name = sys.argv[1] if len(sys.argv) > 1 else "decode-lda"


def get_last(exp_name):
    for r in mlflow.search_runs(experiment_names=[exp_name], order_by=["start_time DESC"], output_format="list"):
        return r.info.run_id


def children(rid):
    r = mlflow.get_run(rid)
    df = mlflow.search_runs([r.info.experiment_id], f"tags.mlflow.parentRunId = '{rid}'")
    return df[["tags.neuro.subject", "metrics.accuracy"]].dropna()


rid = get_last(exp_name)
if rid is None:
    sys.exit("no run of " + exp_name)
df = children(rid)
fig, ax = plt.subplots(figsize=(6, 3))
ax.bar(df["tags.neuro.subject"], df["metrics.accuracy"])
ax.axhline(0.5, ls="--", c="k")
ax.set_ylabel("accuracy")
fig.tight_layout()
fig.savefig(f"{exp_name}.pdf")
