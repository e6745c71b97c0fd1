"""python -m embertrack.launch: restart a job until it is done."""

import argparse
import os
import subprocess
import sys
import time
import uuid

from embertrack.runs import default_client


def _previous_status(client, experiment_name, job):
    exp = client.get_experiment_by_name(experiment_name)
    if exp is None:
        return None
    newest = None
    for run in client.search_runs([exp.experiment_id], f"tags.ember.job_id = '{job}'"):
        if run.data.tags.get("ember.rank") != "0":
            continue
        if newest is None or run.info.start_time > newest.info.start_time:
            newest = run
    return newest.info.status if newest else None


def wait_over(client, run_id, every=5, timeout=600):
    """Wait until a run is over."""
    end = time.time() + timeout
    while time.time() < end:
        status = client.get_run(run_id).info.status
        if status in ("FINISHED", "FAILED", "KILLED"):
            return status
        time.sleep(every)
    raise TimeoutError(run_id)


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--experiment", default="ember")
    parser.add_argument("--restarts", type=int, default=3)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args(argv)
    job = os.environ.setdefault("EMBER_JOB_ID", uuid.uuid4().hex[:12])
    client = default_client()
    for attempt in range(args.restarts + 1):
        code = subprocess.call(args.command)
        status = _previous_status(client, args.experiment, job)
        print(f"attempt {attempt}: exit {code}, run {status}", file=sys.stderr)
        if code == 0 and status in (None, "FINISHED"):
            return 0
        time.sleep(min(60, 2**attempt))
    return 1


if __name__ == "__main__":
    sys.exit(main())
