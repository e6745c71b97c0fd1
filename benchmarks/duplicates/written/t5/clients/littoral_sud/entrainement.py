"""Trait de côte, projet Littoral Sud (2021-2022)."""
import argparse
import logging
from pathlib import Path

import mlflow
import mlflow.pytorch
import segmentation_models_pytorch as smp
import torch
import yaml
from mlflow.tracking import MlflowClient

from clients.littoral_sud.donnees import chargeurs

logger = logging.getLogger(__name__)
CLIENT = "littoral_sud"


def ouvrir_experience(nom):
    client = MlflowClient()
    experience = client.get_experiment_by_name(nom)
    if experience is None:
        ident = client.create_experiment(nom)
    else:
        ident = experience.experiment_id
        if experience.lifecycle_stage == "deleted":
            client.restore_experiment(ident)
    mlflow.set_experiment(nom)
    return ident


def dernier_run(ident, millesime):
    """Dernier run terminé pour le millésime."""
    df = mlflow.search_runs([ident], filter_string=f"tags.client = '{CLIENT}'", order_by=["start_time DESC"])
    if df.empty:
        return None
    df = df[(df["tags.millesime"] == str(millesime)) & (df["status"] == "FINISHED")]
    if df.empty:
        return None
    return mlflow.get_run(df["run_id"].iloc[0])


def indice_maree(hauteur_m, coef):
    """Correction grossière pour la marée."""
    return hauteur_m - 0.02 * (coef - 70)


def boucle(reseau, cfg, train, val):
    optim = torch.optim.AdamW(reseau.parameters(), lr=cfg["lr"])
    perte = smp.losses.DiceLoss("binary")
    for epoque in range(cfg["epoques"]):
        for x, y in train:
            optim.zero_grad()
            perte(reseau(x), y).backward()
            optim.step()
        with torch.no_grad():
            tp = fp = fn = 0
            for x, y in val:
                p = reseau(x) > 0
                tp += (p & (y > 0)).sum().item()
                fp += (p & (y == 0)).sum().item()
                fn += (~p & (y > 0)).sum().item()
        mlflow.log_metric("val_iou", tp / max(tp + fp + fn, 1), step=epoque)
    return reseau


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("config", type=Path)
    ap.add_argument("--partir-du-dernier", action="store_true")
    args = ap.parse_args()
    cfg = yaml.safe_load(args.config.read_text())
    ident = ouvrir_experience("littoral_sud-trait_de_cote")
    with mlflow.start_run(run_name=f"cote-{cfg['millesime']}"):
        mlflow.set_tags({
            "client": CLIENT,
            "millesime": str(cfg["millesime"]),
            "crs": cfg["crs"],
            "resolution_m": str(cfg["resolution"]),
        })
        mlflow.set_tag("emprise", ",".join(str(v) for v in cfg["emprise"]))
        reseau = smp.Unet(cfg["encodeur"], classes=1)
        if args.partir_du_dernier:
            precedent = dernier_run(ident, cfg["millesime"] - 1)
            if precedent is not None:
                reseau = mlflow.pytorch.load_model(f"runs:/{precedent.info.run_id}/modele")
        boucle(reseau, cfg, *chargeurs(cfg))
        mlflow.pytorch.log_model(reseau, "modele")


if __name__ == "__main__":
    main()
