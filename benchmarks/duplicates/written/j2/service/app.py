"""Week 6: the web service."""
import os

import mlflow
from flask import Flask, jsonify, request

from registry.promote import MODEL, best_candidate, current_champion

app = Flask("bikes")
_cache = {}


def load_model():
    if "model" not in _cache:
        run_id = os.getenv("RUN_ID")
        if not run_id:
            run = current_champion() or best_candidate("bikes-alice")
            run_id = run.info.run_id
        _cache["model"] = mlflow.pyfunc.load_model(f"runs:/{run_id}/model")
        _cache["run_id"] = run_id
    return _cache["model"]


@app.post("/predict")
def predict():
    ride = request.get_json()
    missing = [k for k in ("depot", "temp", "rain", "hour") if k not in ride]
    if missing:
        return jsonify({"error": f"missing {missing}"}), 400
    ride.setdefault("weekday", "0")
    value = float(load_model().predict([ride])[0])
    return jsonify({"rides": round(value, 1), "run_id": _cache["run_id"], "model": MODEL})


@app.get("/about")
def about():
    load_model()
    run = mlflow.get_run(_cache["run_id"])
    parts = run.data.tags.get("train_window", "").split("..")
    since = parts[0] or None
    until = parts[-1] or None
    owner = run.data.tags.get("owner", "?")
    return jsonify({"owner": owner, "since": since, "until": until})


if __name__ == "__main__":
    app.run(port=9696)
