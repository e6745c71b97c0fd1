"""Decorators from the time before job_run."""

import functools
import getpass
import os
import platform
import warnings

import mlflow


def tracked(experiment, team, project):
    """Track a function as a job of a team."""

    def decorate(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            warnings.warn("use mlops_utils.session.job_run", DeprecationWarning)
            tags = {}
            tags["team"] = team
            tags["project"] = project
            tags["owner"] = os.getenv("RUN_OWNER", getpass.getuser())
            tags["python"] = platform.python_version()
            tags["ci.job"] = os.getenv("CI_JOB_ID", "local")
            mlflow.set_experiment(experiment)
            existing = mlflow.search_runs(
                filter_string=f"attributes.run_name = '{func.__name__}'",
                max_results=1,
                output_format="list",
            )
            if existing:
                context = mlflow.start_run(existing[0].info.run_id)
            else:
                context = mlflow.start_run(run_name=func.__name__, tags=tags)
            with context:
                return func(*args, **kwargs)

        return wrapper

    return decorate


def logged_params(*names):
    """Log some of the keyword arguments of a function."""

    def decorate(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            mlflow.log_params({name: kwargs[name] for name in names if name in kwargs})
            return func(*args, **kwargs)

        return wrapper

    return decorate
