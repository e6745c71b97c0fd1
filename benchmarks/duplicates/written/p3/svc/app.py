"""HTTP surface of the platform."""
from __future__ import annotations

import datetime as dt
from typing import Annotated

import structlog
from fastapi import Depends, FastAPI, HTTPException, Query
from mlflow import MlflowClient
from pydantic import BaseModel

from svc import __version__
from svc.champion import Arena
from svc.settings import Settings, Vertical, get_settings
from svc.store import NotFound, RunStore

logger = structlog.get_logger()
app = FastAPI(title="ctr-platform", version=__version__)


def store(settings: Annotated[Settings, Depends(get_settings)]) -> RunStore:
    return RunStore(settings)


class DriftOut(BaseModel):
    run_id: str
    window_start: dt.date
    window_end: dt.date
    psi: float
    level: str


class JobOut(BaseModel):
    run_id: str
    job: str
    status: str
    started: dt.datetime


def level(psi: float, settings: Settings) -> str:
    if psi >= settings.psi_page:
        return "page"
    return "warn" if psi >= settings.psi_warn else "ok"


@app.get("/drift/{model}/{day}")
async def drift(
    model: str,
    day: dt.date,
    st: Annotated[RunStore, Depends(store)],
    settings: Annotated[Settings, Depends(get_settings)],
) -> DriftOut:
    run = await st.drift_run(model, day)
    if run is None:
        raise HTTPException(404, f"no drift run for {model} on {day}")
    start, end = run.data.tags["window"].split("/")
    psi = run.data.metrics["psi"]
    return DriftOut(
        run_id=run.info.run_id,
        window_start=dt.date.fromisoformat(start),
        window_end=dt.date.fromisoformat(end),
        psi=psi,
        level=level(psi, settings),
    )


@app.get("/healthz")
async def healthz(st: Annotated[RunStore, Depends(store)]) -> dict[str, str]:
    last = await st.last_ok("daily_score")
    if last is None:
        raise HTTPException(503, "never scored")
    age = dt.datetime.now(dt.timezone.utc).timestamp() - last.info.end_time / 1000
    if age > 36 * 3600:
        raise HTTPException(503, f"scores are {age / 3600:.0f}h old")
    return {"status": "ok", "scored_by": last.info.run_id}


@app.get("/jobs")
async def jobs(
    st: Annotated[RunStore, Depends(store)], hours: Annotated[int, Query(ge=1, le=720)] = 24
) -> list[JobOut]:
    since = dt.datetime.now(dt.timezone.utc) - dt.timedelta(hours=hours)
    out = []
    async for run in st.iter_jobs(int(since.timestamp() * 1000)):
        out.append(
            JobOut(
                run_id=run.info.run_id,
                job=run.data.tags.get("job", "?"),
                status=run.info.status,
                started=dt.datetime.fromtimestamp(run.info.start_time / 1000, dt.timezone.utc),
            )
        )
    return out


@app.get("/runs/{run_id}")
async def one_run(run_id: str, st: Annotated[RunStore, Depends(store)]) -> dict:
    try:
        run = await st.by_id(run_id)
    except NotFound:
        raise HTTPException(404, run_id) from None
    return run.to_dictionary()


@app.post("/duel/{vertical}")
def duel(vertical: Vertical, settings: Annotated[Settings, Depends(get_settings)]) -> dict:
    client = MlflowClient(settings.tracking_uri)
    exp = client.get_experiment_by_name(settings.train_experiment)
    if exp is None:
        raise HTTPException(500, "train experiment is gone")
    arena = Arena(client, exp.experiment_id)
    result = arena.duel(vertical)
    newest = arena.newest_challenger(vertical)
    return {
        "vertical": vertical,
        "promote": result.decided,
        "challenger": result.challenger.info.run_id if result.challenger else None,
        "newest": newest.info.run_id if newest else None,
    }
