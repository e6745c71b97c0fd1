"""A server for editors: JSON lines in, JSON lines out, in the manner of VS Code."""

import asyncio
import json
import logging
import sys

import mlflow
from mlflow.tracking import MlflowClient

from runlane.aio import AsyncTracker
from runlane.project import Project

logger = logging.getLogger("runlane.server")


class Server:
    """Answers requests of an editor."""

    def __init__(self, project=None):
        self._project = project or Project.find()
        self._mlflow_client = None
        self._experiments = {}

    def _tracking(self):
        if self._mlflow_client is None:
            self._mlflow_client = MlflowClient(self._project.config.get("tracking_uri") or None)
        return self._mlflow_client

    def _experiment_for(self, name):
        if name in self._experiments:
            return self._experiments[name]
        client = self._tracking()
        experiment = client.get_experiment_by_name(name)
        if experiment and experiment.lifecycle_stage == mlflow.entities.LifecycleStage.DELETED:
            client.restore_experiment(experiment.experiment_id)
        if experiment:
            experiment_id = experiment.experiment_id
        else:
            experiment_id = client.create_experiment(name)
            client.set_experiment_tag(experiment_id, "runlane.project", name)
        self._experiments[name] = experiment_id
        return experiment_id

    def _run_of(self, ref):
        client = self._tracking()
        if len(ref) == 32 and all(c in "0123456789abcdef" for c in ref):
            run = client.get_run(ref)
        else:
            exp_id = self._experiment_for(self._project.name)
            page = client.search_runs([exp_id], f'attributes.run_name = "{ref}"', order_by=["start_time DESC"])
            run = page[0] if page else None
        if run is None:
            raise KeyError(ref)
        return run

    async def do_show(self, ref):
        run = await asyncio.to_thread(self._run_of, ref)
        return {"id": run.info.run_id, "status": run.info.status, "metrics": run.data.metrics}

    async def do_list(self, limit=20):
        runs = await asyncio.to_thread(
            self._tracking().search_runs,
            [self._experiment_for(self._project.name)],
            max_results=limit,
            order_by=["start_time DESC"],
        )
        return [{"id": r.info.run_id, "name": r.info.run_name, "status": r.info.status} for r in runs]

    async def do_start(self, command):
        uri = self._project.config["tracking_uri"]
        async with AsyncTracker(uri) as tracker:
            exp_id = self._experiment_for(self._project.name)
            return {"id": await tracker.create(exp_id, self._project.name, command)}

    async def do_wait(self, run_id):
        async with AsyncTracker(self._project.config["tracking_uri"]) as tracker:
            return {"status": await tracker.watch(run_id)}

    async def answer(self, line):
        request = json.loads(line)
        method = getattr(self, "do_" + request["method"], None)
        if method is None:
            return {"id": request["id"], "error": "unknown method"}
        try:
            result = await method(**request.get("params", {}))
        except Exception as exc:
            logger.exception("request failed")
            return {"id": request["id"], "error": str(exc)}
        return {"id": request["id"], "result": result}

    async def serve(self, reader, write):
        while line := await reader():
            write(json.dumps(await self.answer(line)) + "\n")


def main():
    def write(text):
        sys.stdout.write(text)
        sys.stdout.flush()

    async def reader():
        return await asyncio.to_thread(sys.stdin.readline)

    asyncio.run(Server().serve(reader, write))
