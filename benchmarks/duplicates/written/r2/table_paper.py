"""LaTeX table for the paper and a clean-up of runs of dead nodes."""
import argparse
from collections import defaultdict
from statistics import mean, stdev

from mlflow.tracking import MlflowClient

TASKS = ["peg", "cloth", "door"]
client = MlflowClient()


def finished(task):
    exp = client.get_experiment_by_name("rlab/" + task)
    if exp is None:
        return []
    out, token = [], None
    while True:
        page = client.search_runs([exp.experiment_id], "attributes.status = 'FINISHED'", page_token=token)
        out += page
        token = page.token
        if not token:
            return out


def key_of(run):
    t = run.data.tags
    algo, seed = t.get("rl.algo", "?"), int(t.get("rl.seed", -1))
    return algo, seed, t.get("rl.commit", "")[:7]


def pending(task, seed):
    """the sac run which is open longest for a seed (for the footnote)"""
    eid = client.get_experiment_by_name("rlab/" + task).experiment_id
    parts = ["tags.`rl.algo` = 'sac'", "tags.`rl.seed` = '%s'" % seed, "status = 'RUNNING'"]
    hits = client.search_runs([eid], " and ".join(parts), order_by=["start_time ASC"], max_results=1)
    if len(hits) == 0:
        return None
    return hits[0]


def kill_zombies(task, hosts, dry=True):
    exp = client.get_experiment_by_name("rlab/" + task)
    for run in client.search_runs([exp.experiment_id], "attributes.status = 'RUNNING'"):
        if run.data.tags.get("rl.host") in hosts:
            print("zombie", run.info.run_id)
            if not dry:
                client.set_terminated(run.info.run_id, "KILLED")


def cell(values):
    if not values:
        return "--"
    sd = stdev(values) if len(values) > 1 else 0.0
    return rf"${mean(values):.1f} \pm {sd:.1f}$"


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--zombies", nargs="*", default=[])
    ns = ap.parse_args()
    table = defaultdict(dict)
    for task in TASKS:
        by_algo = defaultdict(list)
        for run in finished(task):
            algo, seed, _ = key_of(run)
            if "eval/return" in run.data.metrics:
                by_algo[algo].append(run.data.metrics["eval/return"])
        for algo, vals in by_algo.items():
            table[algo][task] = cell(vals)
        if ns.zombies:
            kill_zombies(task, set(ns.zombies))
        note = pending(task, 0)
        if note is not None:
            print("%", task, "still waits for", note.info.run_id)
    for algo, row in sorted(table.items()):
        print(" & ".join([algo] + [row.get(t, "--") for t in TASKS]) + r" \\")
