"""Learning curves with a band over seeds."""
import argparse

import matplotlib.pyplot as plt
import mlflow
import numpy as np
from mlflow.tracking import MlflowClient


def runs_frame(task, algos):
    exp = mlflow.get_experiment_by_name(f"rlab/{task}")
    if exp is None:
        raise SystemExit(f"no experiment rlab/{task}")
    df = mlflow.search_runs([exp.experiment_id], filter_string="attributes.status = 'FINISHED'", max_results=10000)
    return df[df["tags.rl.algo"].isin(algos)]


def history(run_id, key):
    points = sorted(MlflowClient().get_metric_history(run_id, key), key=lambda m: m.step)
    return np.array([m.step for m in points]), np.array([m.value for m in points])


def band(df, key, grid):
    curves = []
    for rid in df.run_id:
        x, y = history(rid, key)
        if len(x):
            curves.append(np.interp(grid, x, y))
    if not curves:
        return None, None
    c = np.stack(curves)
    return c.mean(0), c.std(0)


def top_seed(df, algo):
    sub = df[df["tags.rl.algo"] == algo]
    return sub.loc[sub["metrics.train/return"].idxmax()] if len(sub) else None


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("task")
    ap.add_argument("--algos", nargs="+", default=["ppo", "sac"])
    ap.add_argument("--key", default="eval/return")
    ap.add_argument("-o", default="curves.pdf")
    args = ap.parse_args()
    df = runs_frame(args.task, args.algos)
    grid = np.linspace(0, 2e6, 200)
    fig, ax = plt.subplots(figsize=(5, 3))
    for algo in args.algos:
        mean, std = band(df[df["tags.rl.algo"] == algo], args.key, grid)
        if mean is None:
            continue
        ax.plot(grid, mean, label=algo)
        ax.fill_between(grid, mean - std, mean + std, alpha=0.2)
        best = top_seed(df, algo)
        if best is not None:
            print(algo, best.run_id, "seed", int(best["tags.rl.seed"]))
    ax.legend()
    fig.savefig(args.o, bbox_inches="tight")


if __name__ == "__main__":
    main()
