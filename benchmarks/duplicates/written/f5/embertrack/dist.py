"""Ranks of a distributed job."""

import functools
import os


def rank():
    for name in ("RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "LOCAL_RANK"):
        if name in os.environ:
            return int(os.environ[name])
    return 0


def world_size():
    return int(os.environ.get("WORLD_SIZE") or os.environ.get("SLURM_NTASKS") or 1)


def job_id():
    for name in ("EMBER_JOB_ID", "SLURM_JOB_ID", "TORCHELASTIC_RUN_ID"):
        if os.environ.get(name):
            return os.environ[name]
    return None


def rank_zero_only(function):
    """Call the function on the first rank alone."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        if rank() == 0:
            return function(*args, **kwargs)
        return None

    return wrapper
