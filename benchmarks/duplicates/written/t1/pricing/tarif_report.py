"""Monthly report for the tariff committee (was a knitr document)."""
import json
import logging
import os

import mlflow
import pandas as pd
from jinja2 import Environment, FileSystemLoader
from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)


class TarifReport:
    def __init__(self, experiment, lines=("motor", "household"), template_dir="templates"):
        self.experiment = experiment
        self.lines = list(lines)
        self.client = MlflowClient()
        self.env = Environment(loader=FileSystemLoader(template_dir))

    def _latest_approved(self, lob):
        exp = mlflow.get_experiment_by_name(self.experiment)
        if exp is None:
            log.warning("experiment %s not found", self.experiment)
            return None
        conditions = ["tags.approved = 'true'"]
        conditions.append("attributes.status = 'FINISHED'")
        conditions.append(f"tags.line_of_business = '{lob}'")
        hits = self.client.search_runs([exp.experiment_id], " and ".join(conditions))
        if not hits:
            return None
        return max(hits, key=lambda r: r.info.start_time)

    def _factors(self, run):
        raw = run.data.tags.get("rating_factors")
        if not raw:
            return []
        try:
            return json.loads(raw)
        except json.JSONDecodeError:
            log.warning("run %s: rating_factors is not json", run.info.run_id)
            return []

    def _lift(self, run):
        local = self.client.download_artifacts(run.info.run_id, "lift.csv")
        return pd.read_csv(local)

    def section(self, lob):
        run = self._latest_approved(lob)
        if run is None:
            return {"lob": lob, "status": "no approved model"}
        return {
            "lob": lob,
            "status": "ok",
            "run_id": run.info.run_id,
            "factors": ", ".join(self._factors(run)),
            "gini": round(run.data.metrics["gini_valid"], 4),
            "approved_by": run.data.tags.get("approved_by", "?"),
            "lift": self._lift(run).to_html(index=False),
        }

    def history(self, lob):
        """Every approved run, oldest first, for the appendix."""
        df = mlflow.search_runs(
            experiment_names=[self.experiment],
            filter_string=f"tags.approved = 'true' and tags.line_of_business = '{lob}'",
            order_by=["start_time ASC"],
        )
        keep = ["run_id", "start_time", "metrics.gini_valid", "tags.approved_by"]
        return df[[c for c in keep if c in df.columns]]

    def render(self, out_path):
        tmpl = self.env.get_template("tarif.html.j2")
        html = tmpl.render(sections=[self.section(l) for l in self.lines],
                           history={l: self.history(l).to_html() for l in self.lines})
        os.makedirs(os.path.dirname(out_path) or ".", exist_ok=True)
        with open(out_path, "w", encoding="utf-8") as fh:
            fh.write(html)
        return out_path
