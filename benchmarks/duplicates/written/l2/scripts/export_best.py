"""Copy the best checkpoint to the demo server folder."""
import shutil
import sys
import mlflow

from detlab.mlf import find_by_hash
from detlab.cfg import Cfg


def pick(exp_name):
    runs = mlflow.search_runs(experiment_names=[exp_name])
    if "metrics.val/mAP" not in runs.columns:
        return None
    i = runs["metrics.val/mAP"].idxmax()
    rid = runs.loc[i, "run_id"]
    return rid


def newest(exp_name):
    runs = mlflow.search_runs(experiment_names=[exp_name], order_by=["start_time DESC"], max_results=1)
    return runs.iloc[0].run_id if len(runs) else None


def of_config(path):
    cfg = Cfg.load(path)
    r = find_by_hash(cfg.experiment, cfg.hash())
    return r.info.run_id if r else None


if __name__ == "__main__":
    what, arg, dst = sys.argv[1:4]
    rid = {"best": pick, "newest": newest, "config": of_config}[what](arg)
    src = mlflow.artifacts.download_artifacts(run_id=rid, artifact_path="checkpoints")
    shutil.copytree(src, dst, dirs_exist_ok=True)
