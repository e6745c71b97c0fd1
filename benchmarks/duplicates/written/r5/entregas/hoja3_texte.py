"""Blatt 3, Textklassifikation mit kleinem Netz. Gruppe 21 (Ömer, Paula)."""
from typing import Dict, List, Optional

import mlflow
import torch
from mlflow import MlflowClient
from torch import nn

from curso.datos import cargar, partir
from curso.registro import Registro


class Vokabular:
    def __init__(self, texte: List[str], groesse: int = 20_000):
        zaehler: Dict[str, int] = {}
        for t in texte:
            for wort in t.lower().split():
                zaehler[wort] = zaehler.get(wort, 0) + 1
        haeufig = sorted(zaehler, key=zaehler.get, reverse=True)[: groesse - 1]
        self.index = {w: i + 1 for i, w in enumerate(haeufig)}

    def __call__(self, text: str) -> torch.Tensor:
        return torch.tensor([self.index.get(w, 0) for w in text.lower().split()] or [0])


class Netz(nn.Module):
    def __init__(self, n: int, klassen: int, dim: int = 64):
        super().__init__()
        self.emb = nn.EmbeddingBag(n, dim)
        self.aus = nn.Linear(dim, klassen)

    def forward(self, ids, offsets):
        return self.aus(self.emb(ids, offsets))


class Training:
    def __init__(self, r: Registro):
        self.r = r
        self.c = MlflowClient()

    def fortsetzen(self, name: str):
        """Abgebrochenen Lauf weiterfuehren (Colab!)"""
        alle = mlflow.search_runs([self.r.experimento()], filter_string=f"tags.`mlflow.runName` = '{name}'")
        if not alle.empty:
            alle = alle[alle["status"] == "RUNNING"].sort_values("start_time")
        if alle.empty:
            return mlflow.start_run(experiment_id=self.r.experimento(), run_name=name)
        return mlflow.start_run(run_id=alle["run_id"].iloc[-1])

    def schon_abgegeben(self) -> Optional[str]:
        kandidaten = []
        for lauf in self.c.search_runs([self.r.experimento()]):
            if lauf.info.run_name == "entrega":
                kandidaten.append(lauf)
        if not kandidaten:
            return None
        return max(kandidaten, key=lambda l: l.info.start_time).info.run_id

    def letzter_abbruch(self):
        runs = self.c.search_runs(
            [self.r.experimento()],
            "attributes.run_name = 'entrega' and attributes.status = 'FAILED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def epoche(self, netz, opt, paare):
        verlust = 0.0
        for ids, y in paare:
            opt.zero_grad()
            l = nn.functional.cross_entropy(netz(ids, torch.tensor([0])), y)
            l.backward()
            opt.step()
            verlust += l.item()
        return verlust / max(len(paare), 1)

    def lauf(self, name: str, epochen: int = 5):
        X, y = cargar("texte")
        X_tr, X_te, y_tr, y_te = partir(X["text"], y)
        vok = Vokabular(list(X_tr))
        netz = Netz(20_000, y.nunique())
        opt = torch.optim.Adam(netz.parameters(), 1e-3)
        paare = [(vok(t), torch.tensor([k])) for t, k in zip(X_tr, y_tr)]
        with self.fortsetzen(name):
            for e in range(epochen):
                mlflow.log_metric("verlust", self.epoche(netz, opt, paare), step=e)
            treffer = [int(netz(vok(t), torch.tensor([0])).argmax()) == k for t, k in zip(X_te, y_te)]
            mlflow.log_metric("accuracy", sum(treffer) / len(treffer))


if __name__ == "__main__":
    t = Training(Registro(21, 3))
    alt = t.schon_abgegeben()
    if alt:
        print("Achtung, es gibt schon eine Abgabe:", alt)
    kaputt = t.letzter_abbruch()
    if kaputt is not None:
        print("abgebrochen:", kaputt.info.run_id)
    t.lauf("netz-64")
