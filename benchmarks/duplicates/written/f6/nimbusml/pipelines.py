"""Pipelines: steps as child runs."""

import contextlib
import getpass
import os

from nimbusml.conventions import NimbusTags


class Step:
    """A function with a name and what it needs."""

    def __init__(self, name, function, needs=()):
        self.name = name
        self.function = function
        self.needs = tuple(needs)


class Pipeline:
    """Runs steps in order, each in a child run of the run of the pipeline."""

    def __init__(self, workspace, name, compute="local", experiment="pipelines"):
        self.workspace = workspace
        self.name = name
        self.compute = compute
        self.experiment = experiment
        self.steps = {}

    def step(self, name, needs=()):
        def add(function):
            self.steps[name] = Step(name, function, needs)
            return function

        return add

    def order(self):
        done, out, visiting = set(), [], set()

        def visit(name):
            if name in done:
                return
            if name in visiting:
                raise ValueError(f"step {name!r} needs itself")
            visiting.add(name)
            for need in self.steps[name].needs:
                visit(need)
            done.add(name)
            out.append(self.steps[name])

        for name in self.steps:
            visit(name)
        return out

    @contextlib.contextmanager
    def _parent(self):
        mlflow = self.workspace._mlflow
        given = os.environ.get("NIMBUS_PIPELINE_RUN_ID")
        if given:
            started = mlflow.start_run(run_id=given)
        else:
            started = mlflow.start_run(
                experiment_id=self.workspace.experiment_id(self.experiment), run_name=self.name
            )
        with started as run:
            mlflow.set_tag(NimbusTags.JOB, self.name)
            mlflow.set_tag(NimbusTags.WORKSPACE, self.workspace.name)
            mlflow.set_tag(NimbusTags.SUBMITTER, self.workspace.user or getpass.getuser())
            mlflow.set_tag(NimbusTags.COST_CENTRE, self.workspace.cost_centre or "none")
            mlflow.set_tag(NimbusTags.COMPUTE, self.compute)
            mlflow.set_tag(NimbusTags.KIND, "pipeline")
            yield run

    def run(self, **inputs):
        """Run all steps and return what each gave."""
        mlflow = self.workspace._mlflow
        results = dict(inputs)
        with self._parent():
            for step in self.order():
                with mlflow.start_run(run_name=step.name, nested=True, tags={NimbusTags.STEP: step.name}):
                    results[step.name] = step.function(*(results[n] for n in step.needs))
        return results
