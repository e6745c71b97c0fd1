"""A small REST server (Flask). Contributed by @ykm."""
import logging
from http import HTTPStatus

from flask import Blueprint, Flask, current_app, jsonify, request
from mlflow.tracking import MlflowClient

from mlflow_shelf import settings
from mlflow_shelf.errors import ShelfError

log = logging.getLogger(__name__)
api = Blueprint("api", __name__, url_prefix="/api/v1")


def _client():
    return current_app.extensions["mlflow_client"]


def _eid():
    name = current_app.config["SHELF_EXPERIMENT"]
    exp = _client().get_experiment_by_name(name)
    return exp.experiment_id if exp is not None else None


def _dump(run):
    labels = set()
    for piece in (run.data.tags.get("shelf.labels") or "").split(","):
        piece = piece.strip()
        if piece:
            labels.add(piece.lower())
    return {
        "run_id": run.info.run_id,
        "status": run.info.status,
        "metrics": run.data.metrics,
        "labels": sorted(labels),
    }


def _not_found(what):
    return jsonify({"error": what}), HTTPStatus.NOT_FOUND


@api.get("/slots/<slot>")
def get_slot(slot):
    eid = _eid()
    if eid is None:
        return _not_found("experiment")
    newest = None
    for run in _client().search_runs([eid], max_results=1000):
        if run.data.tags.get("shelf.slot") != slot:
            continue
        if newest is None or run.info.start_time > newest.info.start_time:
            newest = run
    if newest is None:
        return _not_found(slot)
    return jsonify(_dump(newest))


@api.get("/best")
def get_best():
    metric = request.args.get("metric", current_app.config["SHELF_METRIC"])
    eid = _eid()
    if eid is None:
        return _not_found("experiment")
    finished = _client().search_runs([eid], "status = 'FINISHED'", max_results=1000)
    having = [r for r in finished if metric in r.data.metrics]
    if not having:
        return _not_found(metric)
    return jsonify(_dump(min(having, key=lambda r: r.data.metrics[metric])))


@api.get("/slowest")
def get_slowest():
    eid = _eid()
    if eid is None:
        return _not_found("experiment")
    finished = _client().search_runs([eid], "status = 'FINISHED'", max_results=1000)
    having = [r for r in finished if "seconds" in r.data.metrics]
    if not having:
        return _not_found("seconds")
    return jsonify(_dump(max(having, key=lambda r: r.data.metrics["seconds"])))


@api.get("/runs")
def get_runs():
    eid = _eid()
    if eid is None:
        return jsonify({"runs": [], "next": None})
    page = _client().search_runs(
        [eid], max_results=min(int(request.args.get("limit", 50)), 500), page_token=request.args.get("token")
    )
    return jsonify({"runs": [_dump(r) for r in page], "next": page.token})


@api.put("/slots/<slot>")
def put_slot(slot):
    body = request.get_json(force=True)
    rid = body.get("run_id")
    if not rid or "/" in slot:
        return jsonify({"error": "bad request"}), HTTPStatus.BAD_REQUEST
    c = _client()
    tags = {
        "shelf.slot": slot,
        "shelf.labels": ",".join(body.get("labels", [])),
        "shelf.state": "shelved",
        "shelf.by": request.headers.get("X-User", "rest"),
    }
    for key, value in tags.items():
        c.set_tag(rid, key, value)
    return "", HTTPStatus.NO_CONTENT


@api.errorhandler(ShelfError)
def on_error(exc):
    log.warning("%s", exc)
    return jsonify({"error": str(exc)}), exc.http_status


def create_app(s=None):
    s = s or settings.load()
    app = Flask("mlflow_shelf")
    app.config.update(SHELF_EXPERIMENT=s.experiment, SHELF_METRIC=s.metric)
    app.extensions["mlflow_client"] = MlflowClient(s.tracking_uri or None)
    app.register_blueprint(api)
    return app


def serve():
    s = settings.load()
    create_app(s).run(s.host, s.port)
