"""Runs inside a hospital. Written by the colleague of the pilot site, a year before RunStore."""
from __future__ import annotations

import asyncio
import logging
import os
from functools import partial
from typing import Any

import mlflow
import numpy as np
from aiohttp import web
from mlflow.tracking import MlflowClient

from fedlab.domain import SiteUpdate, Weights

log = logging.getLogger("site")
SITE = os.environ.get("FED_SITE", "unknown")


class SiteAgent:
    def __init__(self, experiment_id: str, trainer: Any, client: MlflowClient) -> None:
        self.experiment_id = experiment_id
        self.trainer = trainer
        self.client = client

    async def _begin(self, round_run_id: str, round_no: int) -> str:
        loop = asyncio.get_running_loop()
        tags = {"fed.role": "site", "fed.site": SITE, "fed.round": f"{round_no}"}
        tags["mlflow.parentRunId"] = round_run_id
        tags["mlflow.runName"] = f"{SITE}-{round_no:03d}"
        create = partial(self.client.create_run, self.experiment_id, tags=tags)
        run = await loop.run_in_executor(None, create)
        return run.info.run_id

    def _declare(self, run_id: str, protocol: str, n_patients: int, epsilon: float) -> None:
        self.client.set_tag(run_id, "privacy.protocol", protocol)
        self.client.set_tag(run_id, "privacy.site", SITE)
        self.client.set_tag(run_id, "privacy.epsilon", f"{epsilon:.3f}")
        self.client.set_tag(run_id, "privacy.small_cohort", "yes" if n_patients < 50 else "no")

    async def train(self, round_run_id: str, round_no: int, weights: Weights, cfg: dict[str, Any]) -> SiteUpdate:
        run_id = await self._begin(round_run_id, round_no)
        data = self.trainer.load(cfg["cohort"])
        self._declare(run_id, cfg["protocol"], len(data), cfg["epsilon"])
        try:
            new, loss, auc = await asyncio.to_thread(self.trainer.fit, weights, data, cfg["epochs"])
        except Exception:
            self.client.set_terminated(run_id, "FAILED")
            raise
        self.client.log_metric(run_id, "loss", loss, step=round_no)
        self.client.log_metric(run_id, "val_auc", auc, step=round_no)
        self.client.set_terminated(run_id)
        return SiteUpdate(SITE, round_no, new, len(data), loss, auc)


def make_app(agent: SiteAgent) -> web.Application:
    app = web.Application(client_max_size=256 * 2**20)

    async def handle(request: web.Request) -> web.Response:
        body = await request.json()
        weights = [np.asarray(w, dtype=np.float32) for w in body["weights"]]
        upd = await agent.train(body["round_run"], body["round"], weights, body["cfg"])
        return web.json_response({"n": upd.n_samples, "loss": upd.loss, "auc": upd.val_auc,
                                  "weights": [w.tolist() for w in upd.weights]})

    app.router.add_post("/train", handle)
    app.router.add_get("/health", lambda _: web.Response(text="ok"))
    return app


def main() -> None:
    from fedlab.trainers import default_trainer

    mlflow.set_tracking_uri(os.environ["FED_TRACKING"])
    client = MlflowClient()
    exp = client.get_experiment_by_name(os.environ["FED_EXPERIMENT"])
    if exp is None:
        raise SystemExit("experiment must be made by the coordinator first")
    web.run_app(make_app(SiteAgent(exp.experiment_id, default_trainer(), client)), port=8443)


if __name__ == "__main__":
    main()
