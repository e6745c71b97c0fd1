"""Evolution strategies over PPO's hyper-parameters; generations instead of random trials."""
import argparse

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient

from rlab.mlf import Store


def make_individual(client, exp_id, parent_id, idx, gen):
    run = client.create_run(
        exp_id,
        tags={
            "mlflow.parentRunId": parent_id,
            "mlflow.runName": "gen%02d-%03d" % (gen, idx),
            "rl.kind": "individual",
            "rl.generation": "%d" % gen,
        },
    )
    return run.info.run_id


def fittest(exp_id, parent_id):
    df = mlflow.search_runs([exp_id], f"tags.`mlflow.parentRunId` = '{parent_id}'")
    if "metrics.eval/return" not in df.columns:
        return None
    df = df.sort_values("metrics.eval/return", ascending=False)
    return df.iloc[0] if len(df) else None


def slowest(exp_id, parent_id):
    df = mlflow.search_runs([exp_id], f"tags.`mlflow.parentRunId` = '{parent_id}'")
    if df.empty:
        return None
    df["took"] = df["end_time"] - df["start_time"]
    return df.sort_values("took", ascending=False).iloc[0]


def to_config(vec):
    return {"lr": float(10 ** vec[0]), "gamma": float(1 - 10 ** vec[1]), "clip": float(np.clip(vec[2], 0.05, 0.4))}


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--task", default="door")
    ap.add_argument("--pop", type=int, default=8)
    ap.add_argument("--gens", type=int, default=6)
    ap.add_argument("--sigma", type=float, default=0.3)
    args = ap.parse_args()
    from rlab import objectives

    store, client = Store(), MlflowClient()
    eid = store.experiment(args.task)
    mean = np.array([-3.5, -2.0, 0.2])
    with mlflow.start_run(experiment_id=eid, run_name="es", tags={"rl.kind": "sweep", "rl.algo": "es"}) as parent:
        for gen in range(args.gens):
            noise = np.random.randn(args.pop, 3) * args.sigma
            fit = []
            for i, eps in enumerate(noise):
                rid = make_individual(client, eid, parent.info.run_id, gen * args.pop + i, gen)
                value = 0.0
                for step, value in objectives.evaluate(args.task, to_config(mean + eps)):
                    client.log_metric(rid, "eval/return", value, step=step)
                client.set_terminated(rid)
                fit.append(value)
            w = np.exp(np.array(fit) - max(fit))
            mean = mean + (w[:, None] * noise).sum(0) / w.sum()
            mlflow.log_metric("gen_best", max(fit), step=gen)
        best = fittest(eid, parent.info.run_id)
        if best is not None:
            mlflow.set_tag("rl.best_trial", best.run_id)
        lame = slowest(eid, parent.info.run_id)
        if lame is not None:
            print("slowest:", lame.run_id, lame.took)


if __name__ == "__main__":
    main()
