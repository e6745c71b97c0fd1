# novamart: takes the best policy to the edge servers
import json
import os
import subprocess
import sys

import mlflow
from mlflow.tracking import MlflowClient

mlflow.set_tracking_uri("http://10.20.0.4:5000")

HOSTS = ["edge1.novamart", "edge2.novamart"]


def best_run(name="novamart-banner"):
    exp = mlflow.get_experiment_by_name(name)
    if exp is None:
        raise SystemExit("train first")
    best = None
    for r in MlflowClient().search_runs([exp.experiment_id], "tags.client = 'novamart'"):
        if r.info.status != "FINISHED" or "ips_ctr" not in r.data.metrics:
            continue
        if best is None or r.data.metrics["ips_ctr"] > best.data.metrics["ips_ctr"]:
            best = r
    return best


def least_regret(name="novamart-banner"):
    exp = mlflow.get_experiment_by_name(name)
    if exp is None:
        raise SystemExit("train first")
    best = None
    for r in MlflowClient().search_runs([exp.experiment_id], "tags.client = 'novamart'"):
        if r.info.status != "FINISHED" or "regret" not in r.data.metrics:
            continue
        if best is None or r.data.metrics["regret"] < best.data.metrics["regret"]:
            best = r
    return best


def arms(run):
    t = run.data.tags.get("arms", "")
    if t.startswith("["):
        return json.loads(t)
    return [x.strip() for x in t.split(",") if x]


def rollout(path, dry):
    for host in HOSTS:
        cmd = ["scp", path, f"deploy@{host}:/srv/banner/policy.pkl"]
        print(" ".join(cmd))
        if not dry:
            subprocess.check_call(cmd)


def main():
    run = least_regret() if "--regret" in sys.argv else best_run()
    if run is None:
        sys.exit("no run")
    live = json.load(open("/srv/conf/novamart_arms.json"))
    gone = set(arms(run)) - set(live)
    if gone:
        sys.exit("arms which are not live any more: %s" % sorted(gone))
    path = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="policy.pkl")
    rollout(path, "--dry" in sys.argv)
    c = MlflowClient()
    c.set_tag(run.info.run_id, "deployed", "1")
    c.set_tag(run.info.run_id, "deployed_by", os.environ.get("USER", "?"))
    c.set_tag(run.info.run_id, "deployed_to", ",".join(HOSTS))


if __name__ == "__main__":
    main()
