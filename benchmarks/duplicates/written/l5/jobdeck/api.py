import datetime
from typing import Optional

from fastapi import FastAPI, HTTPException
from mlflow.tracking import MlflowClient
from pydantic import BaseModel

from jobdeck.retry import backoff

app = FastAPI(title="jobdeck")


class RunOut(BaseModel):
    run_id: str
    status: str
    started: datetime.datetime
    heartbeat: Optional[datetime.datetime] = None
    metrics: dict = {}


def to_out(run):
    hb = None
    if "jobdeck.heartbeat" in run.data.tags:
        hb = datetime.datetime.fromtimestamp(int(run.data.tags["jobdeck.heartbeat"]), datetime.timezone.utc)
    return RunOut(
        run_id=run.info.run_id,
        status=run.info.status,
        started=datetime.datetime.fromtimestamp(run.info.start_time / 1000),
        heartbeat=hb,
        metrics=run.data.metrics,
    )


def experiment_or_404(client, namespace):
    exp = client.get_experiment_by_name(f"jobs/{namespace}")
    if exp is None or exp.lifecycle_stage == "deleted":
        raise HTTPException(404, "no such namespace")
    return exp.experiment_id


@backoff()
def newest(client, exp_id, job):
    runs = client.search_runs(
        [exp_id],
        filter_string="tags.`jobdeck.job` = '{}'".format(job.replace("'", "")),
        order_by=["attribute.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


@app.get("/namespaces/{ns}/jobs/{job}/latest", response_model=RunOut)
def latest(ns: str, job: str):
    c = MlflowClient()
    run = newest(c, experiment_or_404(c, ns), job)
    if run is None:
        raise HTTPException(404, "no run")
    return to_out(run)


@app.get("/namespaces/{ns}/best", response_model=RunOut)
def best(ns: str, metric: str, low: bool = False):
    client = MlflowClient()
    eid = experiment_or_404(client, ns)
    way = "ASC" if low else "DESC"
    runs = client.search_runs([eid], order_by=[f"metrics.`{metric}` {way}"], max_results=1)
    if not runs or metric not in runs[0].data.metrics:
        raise HTTPException(404, "no run with " + metric)
    return to_out(runs[0])


@app.get("/namespaces/{ns}/runs")
def runs(ns: str, token: Optional[str] = None, size: int = 50):
    client = MlflowClient()
    page = client.search_runs([experiment_or_404(client, ns)], max_results=size, page_token=token)
    return {"runs": [to_out(r) for r in page], "next": page.token}


@app.get("/health")
def health():
    return {"ok": True}
