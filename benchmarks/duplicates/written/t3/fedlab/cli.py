"""fed: start and inspect campaigns."""
from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Optional

import mlflow
import numpy as np
import typer
import yaml
from mlflow import MlflowClient
from rich.console import Console

from fedlab.campaign import Coordinator
from fedlab.domain import Campaign, CampaignId, Site, SiteId
from fedlab.store.mlflow_store import MlflowRunStore
from fedlab.transport import HttpTransport

app = typer.Typer(no_args_is_help=True)
console = Console()


def load_campaign(path: Path) -> Campaign:
    raw = yaml.safe_load(path.read_text())
    sites = tuple(Site(SiteId(s["id"]), s["url"], s["n"], s["protocol"]) for s in raw["sites"])
    return Campaign(CampaignId(raw["id"]), raw["experiment"], raw["model"], sites, raw["rounds"], raw.get("min_sites", 3))


def experiment_for(name: str) -> str:
    client = MlflowClient()
    if (exp := client.get_experiment_by_name(name)) is not None:
        return exp.experiment_id
    return client.create_experiment(name, tags={"project": "fedlab", "data_class": "health"})


@app.command()
def start(path: Path, init: Path = Path("init.npz")) -> None:
    campaign = load_campaign(path)
    store = MlflowRunStore(campaign.experiment)
    coord = Coordinator(store, HttpTransport())
    weights = list(np.load(init).values())

    async def go() -> None:
        async for res in coord.play(campaign, weights):
            console.print(f"[green]round {res.round_no}[/] auc={res.metrics['val_auc']:.3f}")

    asyncio.run(go())


@app.command()
def dry(path: Path) -> None:
    """Open the campaign without playing it, so that the privacy officer can look."""
    campaign = load_campaign(path)
    exp_id = experiment_for(campaign.experiment)
    client = MlflowClient()
    hits = client.search_runs([exp_id], f"tags.`fed.campaign` = '{campaign.id}'", order_by=["start_time DESC"])
    parents = [h for h in hits if h.data.tags.get("fed.role") == "campaign"]
    if parents:
        run_id = parents[0].info.run_id
    else:
        run_id = client.create_run(exp_id, tags={
            "mlflow.runName": f"campaign-{campaign.id}",
            "fed.campaign": campaign.id,
            "fed.role": "campaign",
            "fed.sites": ",".join([site.id for site in campaign.sites]),
        }).info.run_id
    console.print(run_id)


@app.command()
def show(experiment: str, campaign: str, limit: Annotated[int, typer.Option()] = 20) -> None:
    df = mlflow.search_runs(experiment_names=[experiment], filter_string=f"tags.`fed.campaign` = '{campaign}'", max_results=limit)
    if df.empty:
        console.print("nothing there")
        sys.exit(1)
    console.print(df[["run_id", "status", "tags.fed.role"]].to_string())


@app.command()
def abort(experiment: str, campaign: str, reason: Optional[str] = None) -> None:
    """Kill all open rounds."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment)
    if exp is None:
        raise typer.BadParameter(f"no experiment {experiment}")
    for run in client.search_runs([exp.experiment_id], f"tags.`fed.campaign` = '{campaign}' and attributes.status = 'RUNNING'"):
        client.set_tag(run.info.run_id, "fed.abort_reason", reason or "")
        client.set_terminated(run.info.run_id, "KILLED")


if __name__ == "__main__":
    app()
