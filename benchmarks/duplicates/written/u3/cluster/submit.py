#!/usr/bin/env python
"""submit array jobs; looks which tasks are left"""
import argparse
import subprocess
import tempfile

from mlflow.tracking import MlflowClient

TPL = """#!/bin/bash
#SBATCH -J {name}
#SBATCH -a {tasks}
#SBATCH -t 04:00:00
#SBATCH --gres=gpu:1
#SBATCH --requeue
source ~/venv/bin/activate
cd $HOME/cells
python -m {mod} --fold $SLURM_ARRAY_TASK_ID {extra}
"""


def parse_args():
    p = argparse.ArgumentParser()
    p.add_argument("mod")
    p.add_argument("--exp", required=True)
    p.add_argument("--job", default=None)
    p.add_argument("--n", type=int, default=5)
    p.add_argument("--dry", action="store_true")
    p.add_argument("extra", nargs="*")
    return p.parse_args()


args = parse_args()
cl = MlflowClient("http://cellsrv:5000")


def eid():
    e = cl.get_experiment_by_name(args.exp)
    assert e is not None, args.exp
    return e.experiment_id


def task_run(i):
    q = []
    q += ["tags.slurm_job = '" + args.job + "'"]
    q += ["tags.slurm_task = '" + str(i) + "'"]
    rs = cl.search_runs([eid()], " and ".join(q), 1, 1, ["start_time DESC"])
    if len(rs) > 0:
        return rs[0]
    return None


def failed_fold(f):
    """last failed run of a fold (not of a task!)"""
    rs = cl.search_runs([eid()], "tags.fold = '%d' and status = 'FAILED'" % f, order_by=["start_time DESC"], max_results=1)
    return rs[0] if rs else None


def left():
    out = []
    for i in range(args.n):
        if args.job:
            r = task_run(i)
            if r is None or r.info.status != "FINISHED":
                out.append(i)
        elif failed_fold(i):
            out.append(i)
    return out or list(range(args.n))


def kill_zombies():
    """RUNNING runs whose slurm job is gone -> KILLED"""
    alive = subprocess.getoutput("squeue -h -o %A").split()
    for r in cl.search_runs([eid()], "status = 'RUNNING'"):
        if r.data.tags.get("slurm_job") not in alive:
            cl.set_terminated(r.info.run_id, "KILLED")


if __name__ == "__main__":
    kill_zombies()
    s = TPL.format(name=args.exp, tasks=",".join(map(str, left())), mod=args.mod, extra=" ".join(args.extra))
    if args.dry:
        print(s)
    else:
        with tempfile.NamedTemporaryFile("w", suffix=".sh", delete=False) as f:
            f.write(s)
        subprocess.check_call(["sbatch", f.name])
