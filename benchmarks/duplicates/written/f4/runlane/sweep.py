"""Run a command for all points of a grid, each in a child run."""

import itertools
import os

import mlflow

from runlane.runner import Runner


def grid(spec):
    """Turn ["lr=0.1,0.2", "depth=3"] into a list of dicts."""
    axes = []
    for item in spec:
        key, _, values = item.partition("=")
        axes.append([(key, value) for value in values.split(",")])
    return [dict(point) for point in itertools.product(*axes)]


def run_grid(project, command, spec):
    """Run all points and return the ids of those that failed."""
    failed = []
    with mlflow.start_run(experiment_id=project.experiment_id, run_name="grid") as parent:
        mlflow.set_tag("runlane.grid", " ".join(spec))
        runner = Runner(project)
        for point in grid(spec):
            filled = [part.format(**point) for part in command]
            os.environ["MLFLOW_PARENT_RUN_ID"] = parent.info.run_id
            code, run_id = runner.run(filled, name="-".join(point.values()))
            project.client.set_tag(run_id, "mlflow.parentRunId", parent.info.run_id)
            for key, value in point.items():
                project.client.log_param(run_id, key, value)
            if code:
                failed.append(run_id)
    return failed


def best_point(project, parent_id, metric, maximize=True):
    """Return the child with the best metric."""
    children = project.client.search_runs(
        [project.experiment_id],
        filter_string=f"tags.mlflow.parentRunId = '{parent_id}' and attributes.status = 'FINISHED'",
        order_by=[f"metrics.`{metric}` {'DESC' if maximize else 'ASC'}"],
        max_results=1,
    )
    return children[0] if children else None
