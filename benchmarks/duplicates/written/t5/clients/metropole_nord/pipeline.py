"""Bâti et imperméabilisation, Métropole Nord. Dalles de 1 km traitées une par une."""
import concurrent.futures as cf
import logging
import os
from pathlib import Path
from typing import List, Optional, Tuple

import mlflow
import numpy as np
import torch
from mlflow import MlflowClient
from mlflow.entities import Run

from common import rasters

LOG = logging.getLogger("metropole")
NOM_CLIENT = "metropole_nord"
EXPERIENCE = os.environ.get("EXPERIENCE", "metropole_nord-bati")


class Pipeline:
    def __init__(self, millesime: int, dossier: Path, seuil: float = 0.5):
        self.millesime = millesime
        self.dossier = dossier
        self.seuil = seuil
        self.mlf = MlflowClient()
        self.exp_id = self._experience()

    def _experience(self) -> str:
        """Crée l'expérience, la restaure ou la retrouve, et l'active."""
        trouvee = mlflow.get_experiment_by_name(EXPERIENCE)
        if not trouvee:
            exp_id = mlflow.create_experiment(EXPERIENCE)
        elif trouvee.lifecycle_stage == "active":
            exp_id = trouvee.experiment_id
        else:
            exp_id = trouvee.experiment_id
            self.mlf.restore_experiment(exp_id)
        mlflow.set_experiment(experiment_id=exp_id)
        return exp_id

    def choisir_modele(self) -> Optional[Run]:
        """IoU maximal parmi les runs terminés du millésime."""
        runs: List[Run] = mlflow.search_runs(
            [self.exp_id], filter_string="tags.millesime = '%d'" % self.millesime, output_format="list"
        )
        notes: List[Tuple[float, Run]] = [
            (r.data.metrics["val_iou"], r) for r in runs if r.info.status == "FINISHED" and "val_iou" in r.data.metrics
        ]
        if not notes:
            return None
        return max(notes, key=lambda n: n[0])[1]

    def _run_dalle(self, dalle: str) -> str:
        """Identifiant du run de la dalle, créé si besoin."""
        for r in self.mlf.search_runs([self.exp_id], f"tags.dalle = '{dalle}'"):
            if r.info.status == "RUNNING" and r.data.tags.get("client") == NOM_CLIENT:
                return r.info.run_id
        nouveau = self.mlf.create_run(
            self.exp_id, run_name=dalle, tags={"client": NOM_CLIENT, "dalle": dalle, "etape": "dalle"}
        )
        return nouveau.info.run_id

    def _inferer(self, reseau, dalle: Path) -> np.ndarray:
        import rasterio

        with rasterio.open(dalle) as src:
            sortie = np.zeros((src.height, src.width), dtype="uint8")
        for f in rasters.fenetres(dalle):
            x = torch.from_numpy(rasters.lire(dalle, f))[None]
            with torch.no_grad():
                p = torch.sigmoid(reseau(x))[0, 0].numpy()
            sortie[f.row_off:f.row_off + f.height, f.col_off:f.col_off + f.width] = p > self.seuil
        return sortie

    def traiter(self, reseau, dalle: Path) -> float:
        rid = self._run_dalle(dalle.stem)
        try:
            masque = self._inferer(reseau, dalle)
        except Exception as err:
            self.mlf.set_tag(rid, "erreur", str(err)[:200])
            self.mlf.set_terminated(rid, "FAILED")
            raise
        part = float(masque.mean())
        self.mlf.log_metric(rid, "part_batie", part)
        self.mlf.set_terminated(rid)
        return part

    def tout(self) -> dict:
        modele = self.choisir_modele()
        if modele is None:
            raise RuntimeError(f"pas de modèle pour {self.millesime}")
        reseau = mlflow.pytorch.load_model(f"runs:/{modele.info.run_id}/modele")
        dalles = sorted(self.dossier.glob("*.tif"))
        with cf.ThreadPoolExecutor(4) as pool:
            return dict(zip((d.stem for d in dalles), pool.map(lambda d: self.traiter(reseau, d), dalles)))

    def dalles_en_echec(self) -> List[str]:
        runs = self.mlf.search_runs([self.exp_id], "tags.etape = 'dalle' and attributes.status = 'FAILED'", max_results=5000)
        return sorted({r.data.tags["dalle"] for r in runs})

    def purger(self) -> None:
        for r in self.mlf.search_runs([self.exp_id], "attributes.status = 'FAILED'"):
            self.mlf.delete_run(r.info.run_id)
