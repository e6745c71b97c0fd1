"""MLflow entry point: run context provider."""
import functools
import subprocess

import mlflow
from mlflow.tracking.context.abstract_context import RunContextProvider


@functools.lru_cache(maxsize=1)
def _git(*args):
    try:
        return subprocess.check_output(("git",) + args, stderr=subprocess.DEVNULL, text=True).strip()
    except Exception:
        return ""


class ShelfRunContext(RunContextProvider):
    def in_context(self):
        return bool(_git("rev-parse", "--is-inside-work-tree"))

    def tags(self):
        return {
            "shelf.git.commit": _git("rev-parse", "HEAD"),
            "shelf.git.branch": _git("rev-parse", "--abbrev-ref", "HEAD"),
            "shelf.git.dirty": str(bool(_git("status", "--porcelain"))).lower(),
        }


def on_shelf(experiment="shelf"):
    """Decorator: runs the function in a new run on the shelf."""

    def deco(fn):
        @functools.wraps(fn)
        def inner(*args, **kwargs):
            mlflow.set_experiment(experiment)
            with mlflow.start_run(run_name=fn.__name__):
                mlflow.set_tag("shelf.function", fn.__qualname__)
                return fn(*args, **kwargs)

        return inner

    return deco


def resume_on_shelf(experiment, name):
    """Continues the run of that name, or raises LookupError."""
    client = mlflow.MlflowClient()
    exp = client.get_experiment_by_name(experiment)
    if exp is None:
        raise LookupError(experiment)
    hits = client.search_runs(
        [exp.experiment_id], f'attributes.run_name = "{name}"', order_by=["attributes.start_time DESC"], max_results=1
    )
    if not hits:
        raise LookupError(name)
    return mlflow.start_run(run_id=hits[0].info.run_id)
