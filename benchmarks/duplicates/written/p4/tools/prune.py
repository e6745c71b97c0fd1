"""Deletes the cells of old sweeps, keeps the parents."""
import sys
import time

import tracking

WEEKS = 6


def main(dry=True):
    c = tracking.client()
    exp = c.get_experiment_by_name("grasp/sweeps")
    limit = (time.time() - WEEKS * 7 * 86400) * 1000
    parents = c.search_runs([exp.experiment_id], f"tags.level = 'sweep' and attributes.start_time < {int(limit)}")
    gone = 0
    for parent in parents:
        for cell in tracking.sweep_runs(exp.experiment_id, parent.data.tags["sweep_id"]):
            if cell.info.run_id == parent.info.run_id:
                continue
            gone += 1
            if not dry:
                c.delete_run(cell.info.run_id)
    print(gone, "cells")


if __name__ == "__main__":
    main(dry="--really" not in sys.argv)
