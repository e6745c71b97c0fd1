"""Gabarit d'entraînement : à copier dans clients/<nom> puis à adapter."""
import argparse
import logging
from pathlib import Path

import mlflow
import mlflow.pytorch
import segmentation_models_pytorch as smp
import torch
import yaml
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)
CLIENT = "A_REMPLACER"


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


def lire_config(chemin):
    with open(chemin, encoding="utf-8") as f:
        return yaml.safe_load(f)


def poser_etiquettes(cfg):
    mlflow.set_tag("client", CLIENT)
    mlflow.set_tag("millesime", str(cfg["millesime"]))
    mlflow.set_tag("crs", cfg.get("crs", "EPSG:2154"))
    mlflow.set_tag("resolution_m", str(cfg["resolution"]))


def meilleur_modele(ident, millesime):
    """Meilleur IoU de validation pour un millésime, None si rien."""
    runs = MlflowClient().search_runs(
        [ident],
        filter_string=f"tags.millesime = '{millesime}' and attributes.status = 'FINISHED'",
        order_by=["metrics.val_iou DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def entrainer(cfg, chargeur_train, chargeur_val):
    reseau = smp.Unet(cfg["encodeur"], in_channels=cfg["bandes"], classes=cfg["classes"])
    optim = torch.optim.AdamW(reseau.parameters(), lr=cfg["lr"])
    perte = smp.losses.DiceLoss("multiclass")
    for epoque in range(cfg["epoques"]):
        reseau.train()
        for x, y in chargeur_train:
            optim.zero_grad()
            valeur = perte(reseau(x), y)
            valeur.backward()
            optim.step()
        mlflow.log_metric("val_iou", evaluer(reseau, chargeur_val, cfg["classes"]), step=epoque)
    return reseau


def evaluer(reseau, chargeur, classes):
    reseau.eval()
    inter = torch.zeros(classes)
    union = torch.zeros(classes)
    with torch.no_grad():
        for x, y in chargeur:
            p = reseau(x).argmax(1)
            for c in range(classes):
                inter[c] += ((p == c) & (y == c)).sum()
                union[c] += ((p == c) | (y == c)).sum()
    return float((inter / union.clamp(min=1)).mean())


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("config", type=Path)
    cfg = lire_config(ap.parse_args().config)
    ouvrir_experience(f"{CLIENT}-{cfg['theme']}")
    with mlflow.start_run():
        poser_etiquettes(cfg)
        mlflow.log_params({k: v for k, v in cfg.items() if not isinstance(v, dict)})
        # TODO chargeurs
        reseau = entrainer(cfg, [], [])
        mlflow.pytorch.log_model(reseau, "modele")


if __name__ == "__main__":
    main()
