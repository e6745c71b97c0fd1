"""Freigabeknoten: prüft die Signaturkette, bevor ein Modell registriert wird."""
from __future__ import annotations

from typing import Any, Dict, Tuple

import mlflow

from stabilab.kern.basis import Knoten
from stabilab.kern.fehler import SignaturFehlt


class Freigabe(Knoten):
    name = "freigabe"

    def _quelle(self, charge: str):
        return self.vorgaenger("regression", charge)

    def rechne(self, eingaben: Dict[str, Any]) -> Dict[str, Any]:
        lauf = self._quelle(eingaben["charge"])
        if lauf.data.tags.get("gxp.zustand") != "FREIGEGEBEN":
            raise SignaturFehlt(lauf.info.run_id)
        version = mlflow.register_model(f"runs:/{lauf.info.run_id}/modell", f"stab-{self.konfig.protokoll.produkt}")
        self.klient.set_model_version_tag(version.name, version.version, "gxp.charge", eingaben["charge"])
        return {"version": version.version}

    def modell_lauf(self, name: str, version: str):
        """Lauf, aus dem eine Modellversion stammt."""
        mv = self.klient.get_model_version(name, version)
        return self.klient.get_run(mv.run_id)

    def umgebung(self, run_id: str) -> Tuple[str, str]:
        tags = self.klient.get_run(run_id).data.tags
        try:
            return tags["gxp.umgebung"], tags["gxp.version"]
        except KeyError as e:
            raise SignaturFehlt(f"{run_id}: {e}") from e
