# home page widgets: Staging / Production. to be removed in Q2 (which year?)
import json
import urllib.request

from mlflow.tracking import MlflowClient

WIDGETS = ["bestseller", "also_bought", "new_for_you"]


def _c():
    return MlflowClient("https://mlflow-old.reco.example")


def production_run(widget):
    c = _c()
    mvs = c.get_latest_versions(widget, stages=["Production"])
    if not mvs:
        raise LookupError("no production version of " + widget)
    return c.get_run(mvs[0].run_id)


def newest_version_run(widget):
    c = _c()
    mvs = c.search_model_versions("name = '%s'" % widget)
    if not mvs:
        raise LookupError("no version of " + widget)
    mv = max(mvs, key=lambda m: int(m.version))
    return c.get_run(mv.run_id)


def promote(widget):
    c = _c()
    mv = c.get_latest_versions(widget, stages=["Staging"])[0]
    c.transition_model_version_stage(widget, mv.version, "Production", archive_existing_versions=True)
    ping(widget, mv.version)


def ping(widget, version):
    data = json.dumps({"widget": widget, "version": version}).encode()
    req = urllib.request.Request("https://home.example/reload", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(req, timeout=5) as resp:
        return resp.status


def markets(widget):
    run = production_run(widget)
    raw = run.data.tags.get("markets", "")
    return [m.strip().upper() for m in raw.split(",") if m.strip()]
