"""Stability report (PDF) and its audit record."""
from __future__ import annotations

import datetime
import getpass
import hashlib
import logging
import platform
from pathlib import Path
from typing import Dict

import jinja2
import mlflow
import stabilab
from mlflow import MlflowClient

from stabilab.kern.fehler import LaufFehlt, SignaturFehlt, StabilabFehler
from stabilab.kern.konfig import Konfig

logger = logging.getLogger(__name__)
TEMPLATES = Path(__file__).with_name("vorlagen")


class ReportError(StabilabFehler):
    nummer = "SL-401"


class Bericht:
    def __init__(self, konfig: Konfig):
        self.konfig = konfig
        mlflow.set_tracking_uri(konfig.tracking_uri)
        self.client = MlflowClient()

    # -- look-ups -----------------------------------------------------------
    def _experiment(self) -> str:
        name = "stab/%s/%s" % (self.konfig.protokoll.produkt, self.konfig.protokoll.version)
        experiment = mlflow.get_experiment_by_name(name)
        if not experiment:
            experiment_id = mlflow.create_experiment(name)
            self.client.set_experiment_tag(experiment_id, "gxp.protokoll", self.konfig.protokoll.version)
            self.client.set_experiment_tag(experiment_id, "gxp.produkt", self.konfig.protokoll.produkt)
        else:
            experiment_id = experiment.experiment_id
            if experiment.lifecycle_stage == "deleted":
                self.client.restore_experiment(experiment_id)
        return experiment_id

    def _last_run(self, node: str, batch: str):
        df = mlflow.search_runs(
            experiment_ids=[self._experiment()],
            filter_string=f"tags.`gxp.knoten` = '{node}' and tags.`gxp.charge` = '{batch}' and status = 'FINISHED'",
        )
        if df.empty:
            raise LaufFehlt(f"{node}/{batch}")
        newest = df.sort_values("start_time").iloc[-1]
        return self.client.get_run(newest.run_id)

    def _best_fit(self, batch: str):
        query = {"gxp.knoten": "regression", "gxp.charge": batch, "gxp.zustand": "FREIGEGEBEN"}
        runs = self.client.search_runs(
            [self._experiment()], " and ".join(f"tags.`{k}` = '{v}'" for k, v in query.items())
        )
        runs = sorted(runs, key=lambda r: r.data.metrics.get("r2", float("-inf")))
        try:
            return runs[-1]
        except IndexError:
            raise LaufFehlt(f"no approved fit for {batch}") from None

    def _signature_block(self, run) -> Dict[str, object]:
        block = {}
        for part in ("name", "bedeutung", "zeit", "hash"):
            value = run.data.tags.get("sig." + part)
            if value is None:
                raise SignaturFehlt(f"{run.info.run_id}: sig.{part}")
            block[part] = value
        block["zeit"] = datetime.datetime.fromisoformat(block["zeit"])
        return block

    # -- output -------------------------------------------------------------
    def _render(self, **context) -> str:
        env = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.StrictUndefined)
        return env.get_template("bericht.html.j2").render(**context)

    def _audit(self) -> Dict[str, str]:
        tags = {"gxp.umgebung": self.konfig.umgebung, "gxp.konfig_sha": self.konfig.pruefsumme}
        tags["gxp.benutzer"] = getpass.getuser()
        tags["gxp.rechner"] = platform.node()
        tags["gxp.version"] = getattr(stabilab, "__version__", "0")
        return tags

    def create(self, batch: str, out: Path) -> str:
        fit = self._best_fit(batch)
        prep = self._last_run("aufbereitung", batch)
        html = self._render(
            batch=batch, fit=fit.data.metrics, rows=prep.data.metrics["zeilen"], signature=self._signature_block(fit)
        )
        out.write_text(html, encoding="utf-8")
        tags = {
            "mlflow.runName": f"bericht_{batch}",
            "gxp.knoten": "bericht",
            "gxp.charge": batch,
            "gxp.zustand": "ENTWURF",
        }
        with mlflow.start_run(experiment_id=self._experiment(), tags=tags) as run:
            mlflow.set_tags(self._audit())
            mlflow.set_tag("doc.sha256", hashlib.sha256(html.encode()).hexdigest())
            mlflow.log_artifact(str(out))
        logger.info("report %s in run %s", out, run.info.run_id)
        return run.info.run_id

    def withdraw(self, run_id: str, by: str, reason: str) -> None:
        if len(reason) < 10:
            raise ReportError("a reason of at least ten characters is required")
        self.client.set_tag(run_id, "gxp.zustand", "ZURUECKGEZOGEN")
        self.client.set_tag(run_id, "gxp.zurueck_von", by)
        self.client.set_tag(run_id, "gxp.zurueck_grund", reason)
