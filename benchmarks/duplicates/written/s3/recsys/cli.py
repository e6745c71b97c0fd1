"""reco - command line of the recommender team."""
from pathlib import Path
from typing import Optional

import mlflow
import typer
from rich.console import Console
from rich.table import Table

from recsys import evaluate, ranker, registry, tracking
from recsys.features import FeatureSet

app = typer.Typer(no_args_is_help=True)
console = Console()


@app.callback()
def _setup(uri: str = typer.Option("https://mlflow.reco.example", envvar="RECO_TRACKING_URI")):
    mlflow.set_tracking_uri(uri)


@app.command()
def train(features: Path, market: str, promote: bool = False):
    import pandas as pd

    fs = FeatureSet.from_yaml(features)
    df = pd.read_parquet(f"s3://reco/{market}/train.parquet")
    console.print(ranker.train(df, fs, market, promote))


@app.command()
def which(features: Path, market: str, kind: str = "ranker"):
    """Which run was trained on these features?"""
    digest = FeatureSet.from_yaml(features).digest()
    df = mlflow.search_runs(experiment_names=[f"reco/{kind}"])
    if len(df):
        df = df[(df.status == "FINISHED") & (df["tags.feature_hash"] == digest) & (df["tags.market"] == market)]
        df = df.sort_values("start_time", ascending=False)
    if not len(df):
        console.print("[red]none[/red]")
        raise typer.Exit(1)
    console.print(df.iloc[0].run_id)


@app.command()
def top(market: str, metric: str = "ndcg_10"):
    """The best ranker of a market."""
    exp = mlflow.get_experiment_by_name("reco/ranker")
    if exp is None:
        raise typer.Exit(2)
    best, best_val = None, None
    for run in mlflow.search_runs([exp.experiment_id], f"tags.market = '{market}'", output_format="list"):
        val = run.data.metrics.get("ndcg_10")
        if run.info.status != "FINISHED" or not val:
            continue
        if best_val is None or val > best_val:
            best, best_val = run, val
    if best is None:
        raise typer.Exit(1)
    console.print(f"{best.info.run_id} {best_val:.4f}")


@app.command("ls")
def list_(market: Optional[str] = None, limit: int = 20):
    eid = tracking.require_experiment(tracking.RANKER_EXPERIMENT)
    t = Table("run", "market", "features", "ndcg@10")
    for i, r in enumerate(tracking.iterate_runs(eid, f"tags.market = '{market}'" if market else "")):
        if i >= limit:
            break
        g = r.data.tags.get
        t.add_row(r.info.run_id[:8], g("market", ""), g("feature_hash", ""), f"{r.data.metrics.get('ndcg_10', 0):.4f}")
    console.print(t)


@app.command()
def crown(market: str, force: bool = False):
    name = f"ranker_{market}"
    if not force and not registry.is_better(name):
        console.print("challenger isn't better")
        raise typer.Exit(1)
    registry.crown(name)


@app.command()
def prune(keep: int = 30):
    eid = tracking.require_experiment(tracking.CANDIDATE_EXPERIMENT)
    runs = sorted(tracking.iterate_runs(eid), key=lambda r: r.info.start_time, reverse=True)
    client = tracking.get_client()
    for r in runs[keep:]:
        if not registry.versions_of_run(r.info.run_id):
            client.delete_run(r.info.run_id)


@app.command()
def show(market: str):
    for who, fn in (("champion", registry.champion_run), ("challenger", registry.challenger_run)):
        r = fn(f"ranker_{market}")
        console.print(who, r.info.run_id if r else "-")
    b = evaluate.best_ranker(market)
    console.print("best", b.info.run_id if b else "-")


if __name__ == "__main__":
    app()
