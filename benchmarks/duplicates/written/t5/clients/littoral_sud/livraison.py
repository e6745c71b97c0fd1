"""Livraison du trait de côte au client : GeoPackage + fiche qualité."""
import datetime
import logging
import sys
from pathlib import Path

import geopandas as gpd
import mlflow
import rasterio.features
from mlflow.tracking import MlflowClient
from shapely.geometry import box, shape

from common.rasters import ecrire, fenetres, lire

log = logging.getLogger("livraison")


def emprise_du_run(run):
    texte = run.data.tags.get("emprise", "")
    morceaux = [m for m in texte.split(",") if m.strip()]
    if len(morceaux) != 4:
        return None
    return tuple(float(m) for m in morceaux)


def run_livrable(experience):
    """Le run que le chef de projet a marqué livrable, le plus récent."""
    exp = mlflow.get_experiment_by_name(experience)
    if exp is None:
        sys.exit(f"expérience inconnue : {experience}")
    runs = MlflowClient().search_runs([exp.experiment_id], "tags.livrable = 'oui'", order_by=["start_time DESC"], max_results=1)
    if not runs:
        sys.exit("aucun run livrable")
    return runs[0]


def vectoriser(raster):
    with rasterio.open(raster) as src:
        formes = rasterio.features.shapes(src.read(1), transform=src.transform)
        geoms = [shape(g) for g, v in formes if v == 1]
        return gpd.GeoDataFrame(geometry=geoms, crs=src.crs)


def livrer(raster: Path, sortie: Path):
    run = run_livrable("littoral_sud-trait_de_cote")
    modele = mlflow.pytorch.load_model(f"runs:/{run.info.run_id}/modele")
    for f in fenetres(raster):
        modele(lire(raster, f))
    gdf = vectoriser(raster)
    emprise = emprise_du_run(run)
    if emprise:
        gdf = gdf.clip(box(*emprise))
    gdf["geometry"] = gdf.simplify(0.5)
    gdf.to_file(sortie, layer="trait_de_cote", driver="GPKG")
    with mlflow.start_run(run_id=run.info.run_id):
        mlflow.log_artifact(str(sortie), "livraison")
        mlflow.set_tag("livre_le", datetime.date.today().isoformat())
        mlflow.set_tag("livre_par", "cabinet")
        mlflow.set_tag("livre_format", "gpkg")


if __name__ == "__main__":
    livrer(Path(sys.argv[1]), Path(sys.argv[2]))
