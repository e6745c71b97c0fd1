"""SLURM bits"""
import os
import shlex
import signal
import subprocess
import textwrap

TEMPLATE = textwrap.dedent(
    """\
    #!/bin/bash
    #SBATCH --job-name={name}
    #SBATCH --partition=gpu-preempt
    #SBATCH --gres=gpu:1
    #SBATCH --requeue
    #SBATCH --signal=B:USR1@120
    #SBATCH --output=/gpfs/lab/logs/%x-%j.out
    source /gpfs/lab/env/bin/activate
    exec python -m segsweep.trainer {args}
    """
)


def submit(name, args):
    script = TEMPLATE.format(name=name, args=" ".join(shlex.quote(a) for a in args))
    out = subprocess.run(["sbatch", "--parsable"], input=script, text=True, capture_output=True)
    if out.returncode:
        raise RuntimeError(out.stderr)
    return out.stdout.strip().split(";")[0]


def in_slurm():
    return "SLURM_JOB_ID" in os.environ


def slurm_tags():
    env = os.environ
    tags = {
        "slurm.job_id": env.get("SLURM_JOB_ID", ""),
        "slurm.node": env.get("SLURMD_NODENAME", ""),
        "slurm.partition": env.get("SLURM_JOB_PARTITION", ""),
        "slurm.restarts": env.get("SLURM_RESTART_COUNT", "0"),
    }
    return {k: v for k, v in tags.items() if v}


class PreemptionGuard:
    """set .hit when USR1 arrives, so that the epoch loop can save and leave"""

    def __init__(self):
        self.hit = False

    def __enter__(self):
        self.old = signal.signal(signal.SIGUSR1, self._on)
        return self

    def _on(self, *_):
        self.hit = True

    def __exit__(self, *exc):
        signal.signal(signal.SIGUSR1, self.old)


def alive(job_id):
    out = subprocess.run(["squeue", "-h", "-j", str(job_id)], capture_output=True, text=True)
    return bool(out.stdout.strip())
