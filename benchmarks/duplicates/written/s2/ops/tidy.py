"""Deletes seed runs of folds that were abandoned, marks lost jobs."""
import subprocess
import time

from mlflow.tracking import MlflowClient

client = MlflowClient("https://mlflow.visio.example")


def alive():
    txt = subprocess.run(["squeue", "-h", "-o", "%A"], capture_output=True, text=True).stdout
    return set(txt.split())


def lost(exp_id):
    jobs = alive()
    for r in client.search_runs([exp_id], "attributes.status = 'RUNNING' and tags.level = 'seed'"):
        job = r.data.tags.get("slurm.job")
        if job not in jobs and time.time() - r.info.start_time / 1e3 > 3600:
            client.set_terminated(r.info.run_id, "KILLED")
            client.set_tag(r.info.run_id, "lost", "1")


def duplicates(exp_id, study):
    seen = {}
    rs = client.search_runs([exp_id], f"tags.study = '{study}' and tags.level = 'seed'",
                            order_by=["attributes.start_time DESC"], max_results=5000)
    for r in rs:
        key = tuple(r.data.tags.get(k) for k in ("site", "fold", "seed"))
        if key in seen:
            client.delete_run(r.info.run_id)
        else:
            seen[key] = r.info.run_id
    return seen
