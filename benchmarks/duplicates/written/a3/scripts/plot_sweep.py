import sys

import matplotlib.pyplot as plt
import mlflow
from mlflow import MlflowClient


def curve(run_id, key="rmse"):
    history = MlflowClient().get_metric_history(run_id, key)
    return [m.step for m in history], [m.value for m in history]


def main(experiment_name, name, out="sweep.png"):
    client = MlflowClient()
    experiment_id = mlflow.set_experiment(experiment_name).experiment_id
    found = [
        r
        for r in client.search_runs([experiment_id], order_by=["start_time DESC"])
        if r.info.run_name == name
    ]
    if not found:
        sys.exit(f"no run {name}")
    sweep = found[0]
    trials = client.search_runs(
        [experiment_id], f"tags.mlflow.parentRunId = '{sweep.info.run_id}'"
    )
    fig, ax = plt.subplots(figsize=(7, 4))
    for trial in trials:
        ax.plot(*curve(trial.info.run_id), lw=0.8, alpha=0.6)
    ax.set(xlabel="epoch", ylabel="rmse", title=sweep.data.tags.get("tabformer.sampler", ""))
    fig.savefig(out, dpi=150)


if __name__ == "__main__":
    main(*sys.argv[1:])
