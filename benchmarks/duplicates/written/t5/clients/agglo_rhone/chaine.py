"""Îlots de chaleur, Agglo Rhône (2024). Premier projet sur common/."""
from __future__ import annotations

import logging
from pathlib import Path

import mlflow
import numpy as np
import rasterio
import typer
from sklearn.ensemble import RandomForestRegressor

from common.rasters import fenetres, lire, ndvi
from common.suivi import Contexte, Suivi

app = typer.Typer()
journal = logging.getLogger("rhone")


def variables(img: np.ndarray) -> np.ndarray:
    return np.stack([img.mean(axis=(1, 2)).sum(), ndvi(img).mean(), ndvi(img).std()])


def jeu(raster: Path, temperatures: Path) -> tuple[np.ndarray, np.ndarray]:
    x, y = [], []
    with rasterio.open(temperatures) as t:
        for f in fenetres(raster, taille=128, recouvrement=0):
            x.append(variables(lire(raster, f)))
            y.append(float(np.nanmean(t.read(1, window=f))))
    return np.array(x), np.array(y)


def noter_erreur(suivi: Suivi, run_id: str, erreur: Exception) -> None:
    suivi.client.set_tag(run_id, "erreur", type(erreur).__name__)


@app.command()
def entrainer(raster: Path, temperatures: Path, millesime: int = 2024, arbres: int = 300) -> None:
    suivi = Suivi("agglo_rhone-chaleur", Contexte("agglo_rhone", millesime))
    x, y = jeu(raster, temperatures)
    with mlflow.start_run(tags=suivi.contexte.etiquettes()) as run:
        foret = RandomForestRegressor(arbres, oob_score=True)
        try:
            foret.fit(x, y)
        except ValueError as err:
            noter_erreur(suivi, run.info.run_id, err)
            raise
        mlflow.log_metric("oob_r2", foret.oob_score_)
        mlflow.sklearn.log_model(foret, "modele")


@app.command()
def comparer(millesime: int = 2024) -> None:
    """Compare au dernier run de l'année d'avant."""
    avant = Suivi("agglo_rhone-chaleur", Contexte("agglo_rhone", millesime - 1)).dernier()
    if avant is None:
        typer.echo("rien à comparer")
        raise typer.Exit(1)
    meilleurs = mlflow.search_runs(
        experiment_names=["agglo_rhone-chaleur"],
        filter_string=f"tags.millesime = '{millesime}'",
        order_by=["metrics.oob_r2 DESC"],
        max_results=1,
        output_format="list",
    )
    ecart = meilleurs[0].data.metrics["oob_r2"] - avant.data.metrics["oob_r2"]
    typer.echo(f"écart de R2 : {ecart:+.3f}")


@app.command()
def provenance(run_id: str) -> None:
    tags = mlflow.get_run(run_id).data.tags
    for cle in ("client", "millesime", "crs", "resolution_m", "mlflow.source.name"):
        typer.echo(f"{cle:>20} : {tags.get(cle, '?')}")


if __name__ == "__main__":
    app()
