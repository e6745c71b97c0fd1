"""Contract reader service (older than sessions.py, own session handling)."""
from __future__ import annotations

import uuid
from contextlib import asynccontextmanager
from typing import Any

import mlflow
from fastapi import BackgroundTasks, Depends, FastAPI, Header, HTTPException
from mlflow.tracking import MlflowClient
from pydantic import BaseModel

from agentlab import prompts
from agentlab.config import Settings, settings
from agentlab.service import feedback

AGENT = "contract_reader"
state: dict[str, Any] = {}


@asynccontextmanager
async def lifespan(app: FastAPI):
    cfg = settings()
    mlflow.set_tracking_uri(cfg.tracking)
    c = MlflowClient()
    exp = c.get_experiment_by_name(cfg.sessions_experiment)
    if exp is None:
        eid = c.create_experiment(cfg.sessions_experiment)
    else:
        eid = exp.experiment_id
        if exp.lifecycle_stage == "deleted":
            c.restore_experiment(eid)
    state.update(client=c, eid=eid)
    yield
    state.clear()


app = FastAPI(lifespan=lifespan)
app.include_router(feedback.router)


class Ask(BaseModel):
    session_id: str | None = None
    contract: str
    question: str


def tenant(x_tenant: str = Header("internal")) -> str:
    return x_tenant


def find_session(session_id: str):
    c: MlflowClient = state["client"]
    for run in c.search_runs(
        [state["eid"]],
        f"tags.agent = '{AGENT}' and tags.session_id = '{session_id}'",
        order_by=["attributes.start_time DESC"],
    ):
        return run.info.run_id
    return None


def open_session(session_id: str, who: str, prompt) -> str:
    with mlflow.start_run(experiment_id=state["eid"], run_name=f"{AGENT}-{session_id[:8]}") as run:
        mlflow.set_tags({
            "agent": AGENT,
            "tenant": who,
            "session_id": session_id,
            "prompt": f"{prompt.ref.name}@{prompt.ref.version}",
        })
    return run.info.run_id


@mlflow.trace(name="answer")
async def answer(prompt, ask: Ask) -> str:
    text = prompt.render(contract=ask.contract[:20_000], question=ask.question)
    return f"(stub) {len(text)} characters read"


def note(run_id: str, n_in: int, n_out: int) -> None:
    with mlflow.start_run(run_id=run_id):
        mlflow.log_metrics({"chars_in": n_in, "chars_out": n_out})


@app.post("/ask")
async def ask(body: Ask, tasks: BackgroundTasks, who: str = Depends(tenant)):
    prompt = prompts.latest("contract_reader")
    sid = body.session_id or uuid.uuid4().hex
    rid = find_session(sid) if body.session_id else None
    if rid is None:
        rid = open_session(sid, who, prompt)
    out = await answer(prompt, body)
    tasks.add_task(note, rid, len(body.contract), len(out))
    return {"session_id": sid, "run_id": rid, "answer": out}


@app.get("/tenant/latest")
def latest_of_tenant(who: str = Depends(tenant)):
    rs = state["client"].search_runs([state["eid"]], f"tags.tenant = '{who}' and tags.agent = '{AGENT}'",
                                     order_by=["attributes.start_time DESC"], max_results=1)
    if not rs:
        raise HTTPException(404)
    return rs[0].info.run_id


@app.get("/leader/{suite}")
def leader(suite: str, prompt: str = "contract_reader", cfg: Settings = Depends(settings)):
    exp = state["client"].get_experiment_by_name(cfg.eval_experiment)
    rows = state["client"].search_runs([exp.experiment_id], f"tags.suite = '{suite}'", max_results=1000)
    ok = [r for r in rows if r.info.status == "FINISHED" and r.data.tags.get("prompt.name") == prompt]
    if not ok:
        raise HTTPException(404, f"nothing for {prompt} in {suite}")
    best = max(ok, key=lambda r: r.data.metrics.get("pass_rate", 0.0))
    return {"run_id": best.info.run_id, "version": best.data.tags["prompt.version"]}
