"""Start jobs again that slurm has killed."""
import subprocess
import sys
from pathlib import Path

from detlab.cfg import Cfg
from detlab.mlf import find_by_hash


def state_of(cfg):
    run = find_by_hash(cfg.experiment, cfg.hash())
    if run is None:
        return None, -1
    ep = run.data.tags.get("detlab.epoch")
    ep = int(ep) if ep is not None else -1
    return run.info.status, ep


for p in map(Path, sys.argv[1:]):
    cfg = Cfg.load(p)
    status, ep = state_of(cfg)
    if status in (None, "FINISHED") or ep + 1 >= cfg.epochs:
        continue
    print("requeue", p, status, ep)
    subprocess.run(["sbatch", "slurm/train.sbatch", str(p)], check=False)
