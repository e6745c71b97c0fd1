"""The same for asyncio; calls run in threads."""

from __future__ import annotations

import asyncio
import getpass
import os
from typing import Any, Callable, List, Optional

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from substation_ml.client import PlatformClient
from substation_ml.config import Settings
from substation_ml.constants import TAG_COMMIT, TAG_JOB, TAG_OWNER, TAG_PROJECT, TAG_TEAM


async def _thread(func: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, lambda: func(*args, **kwargs))


class AsyncPlatformClient:
    def __init__(self, settings: Optional[Settings] = None) -> None:
        self.settings = settings or Settings()
        self.sync = PlatformClient(self.settings)
        self.client = MlflowClient(self.settings.tracking_uri)

    async def latest_signed(self, project: str) -> Run:
        return await _thread(self.sync.runs.latest_signed, project)

    async def _experiment(self, project: str) -> str:
        path = f"/{self.settings.team}/{project}"
        exp = await _thread(self.client.get_experiment_by_name, path)
        if exp is None:
            return await _thread(self.client.create_experiment, path, tags={TAG_TEAM: self.settings.team})
        return exp.experiment_id

    async def create_run(self, project: str, name: str, **tags: str) -> str:
        all_tags = dict(tags)
        all_tags[TAG_TEAM] = self.settings.team
        all_tags[TAG_PROJECT] = project
        all_tags[TAG_OWNER] = getpass.getuser()
        for key, variable in ((TAG_COMMIT, "CI_COMMIT_SHA"), (TAG_JOB, "CI_JOB_ID")):
            if os.getenv(variable):
                all_tags[key] = os.environ[variable]
        experiment_id = await self._experiment(project)
        run = await _thread(self.client.create_run, experiment_id, run_name=name, tags=all_tags)
        return run.info.run_id

    async def many(self, run_ids: List[str]) -> List[Run]:
        return list(await asyncio.gather(*(_thread(self.client.get_run, r) for r in run_ids)))
