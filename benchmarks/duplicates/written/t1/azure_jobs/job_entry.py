"""What runs inside the container: opens the run, calls the script, closes the run."""
import importlib
import os
import sys
import traceback
from contextlib import contextmanager

import mlflow

TEAM = "pricing"


def describe(lob, version):
    sha = os.environ.get("GIT_SHA") or "unknown"
    tags = dict(line_of_business=lob)
    tags["data_version"] = version
    tags["git_sha"] = sha
    tags["owner"] = os.environ.get("USER", "azureml")
    return tags


@contextmanager
def open_run(job_name, team=TEAM):
    run_id = os.environ.get("MLFLOW_RUN_ID")
    tags = {"job_name": job_name, "team": team, "origin": "azure" if run_id else "local"}
    active = mlflow.start_run(run_id=run_id) if run_id else mlflow.start_run(run_name=job_name)
    mlflow.set_tags(tags)
    try:
        yield active
    except BaseException:
        mlflow.log_text(traceback.format_exc(), "error.txt")
        mlflow.end_run(status="FAILED")
        raise
    else:
        mlflow.end_run()


def parse(argv):
    opts = {}
    for item in argv:
        if not item.startswith("--") or "=" not in item:
            raise SystemExit(f"bad argument {item!r}, want --key=value")
        key, _, value = item[2:].partition("=")
        opts[key.replace("-", "_")] = value
    return opts


def main(argv=None):
    argv = list(sys.argv[1:] if argv is None else argv)
    module, opts = argv[0], parse(argv[1:])
    mlflow.set_experiment(experiment_id=os.environ["TRACK_EXPERIMENT_ID"])
    with open_run(os.environ.get("AZUREML_JOB_NAME", module)):
        mlflow.set_tags(describe(opts.get("lob", "motor"), opts.get("data_version", "latest")))
        func = importlib.import_module(module).main
        func(**opts)


if __name__ == "__main__":
    main()
