"""Export of a shelf as a static page."""
from __future__ import annotations

import csv
import datetime as _dt
import html
import io
from typing import Iterable, Literal

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from mlflow_shelf.store import SLOT, Shelf, labels_of

Format = Literal["csv", "html"]


def _rows(runs: Iterable[Run]) -> list[list[str]]:
    out = []
    for r in runs:
        when = _dt.datetime.fromtimestamp(r.info.start_time / 1000, _dt.timezone.utc)
        out.append([r.info.run_id, r.info.run_name or "", r.data.tags.get(SLOT, ""), " ".join(sorted(labels_of(r))),
                    when.isoformat(timespec="seconds")])
    return out


def to_csv(rows) -> str:
    buf = io.StringIO()
    w = csv.writer(buf)
    w.writerow(["id", "name", "slot", "labels", "start"])
    w.writerows(rows)
    return buf.getvalue()


def to_html(rows) -> str:
    cells = ("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in rows)
    return "<table>\n" + "\n".join(cells) + "\n</table>\n"


def export(experiment: str, fmt: Format = "csv") -> str:
    rows = _rows(Shelf(experiment))
    return to_csv(rows) if fmt == "csv" else to_html(rows)


def run_of_version(model: str, version: int) -> Run:
    client = MlflowClient()
    mv = client.get_model_version(model, str(version))
    return client.get_run(mv.run_id)


def parent_of(run: Run) -> Run | None:
    pid = run.data.tags.get("mlflow.parentRunId")
    if pid is None:
        return None
    return MlflowClient().get_run(pid)


def siblings_of(run: Run) -> list[Run]:
    pid = run.data.tags.get("mlflow.parentRunId")
    if pid is None:
        return []
    hits = MlflowClient().search_runs([run.info.experiment_id], f"tags.`mlflow.parentRunId` = '{pid}'")
    return [h for h in hits if h.info.run_id != run.info.run_id]
