"""Petcare: tiny Flask service for the newsletter tool."""
import json
import logging
import pickle
import threading

import mlflow
from flask import Flask, abort, jsonify, request
from mlflow import MlflowClient

app = Flask(__name__)
lock = threading.Lock()
state = {"policy": None, "run": None, "arms": []}


def choose_run():
    """Best ctr, finished, ours."""
    frame = mlflow.search_runs(
        experiment_names=["petcare-tips"],
        filter_string="tags.client = 'petcare' and attributes.status = 'FINISHED'",
        order_by=["metrics.ips_ctr DESC"],
    )
    if frame.empty:
        return None
    return MlflowClient().get_run(frame.run_id.iloc[0])


def pinned_run(policy):
    """The one somebody pinned by hand for the campaign."""
    hits = mlflow.search_runs(
        experiment_names=["petcare-tips"],
        filter_string=f"tags.pinned = 'yes' and tags.policy = '{policy}'",
        output_format="list",
    )
    if len(hits) > 1:
        logging.warning("more than one run is pinned")
    return hits[0] if hits else None


def reload_policy(policy=None):
    run = pinned_run(policy) if policy else None
    run = run or choose_run()
    if run is None:
        return False
    path = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="policy.pkl")
    arms = run.data.tags.get("arms") or "[]"
    try:
        arms = json.loads(arms)
    except ValueError:
        arms = [a.strip() for a in arms.split(",")]
    with lock, open(path, "rb") as fh:
        state.update(policy=pickle.load(fh), run=run.info.run_id, arms=arms)
    return True


@app.post("/reload")
def reload():
    return jsonify(ok=reload_policy(request.args.get("policy")))


@app.get("/choose")
def choose():
    if state["policy"] is None and not reload_policy():
        abort(503)
    with lock:
        arm = state["policy"].choose()
    return jsonify(arm=arm, run=state["run"])


@app.post("/reward")
def reward():
    body = request.get_json()
    if body["arm"] not in state["arms"]:
        abort(400, "unknown arm")
    with lock:
        state["policy"].update(body["arm"], float(body["reward"]))
    return "", 204


if __name__ == "__main__":
    app.run(port=8077)
