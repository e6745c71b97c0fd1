"""Write a table of a sweep and name its winner."""

import sys

import mlflow
from mlflow.entities import ViewType

client = mlflow.MlflowClient()


def children(experiment_id, sweep_id):
    token, out = None, []
    while True:
        page = client.search_runs(
            [experiment_id],
            f"tags.mlflow.parentRunId = '{sweep_id}'",
            run_view_type=ViewType.ACTIVE_ONLY,
            page_token=token,
        )
        out.extend(page)
        token = page.token
        if not token:
            return out


def winner(experiment_id, sweep_id):
    done = [
        r
        for r in client.search_runs([experiment_id], f"tags.mlflow.parentRunId = '{sweep_id}'")
        if r.info.status == "FINISHED" and "val/mAP" in r.data.metrics
    ]
    return max(done, key=lambda r: r.data.metrics["val/mAP"], default=None)


def size_of(run):
    value = run.data.tags["cv.image_size"] if "cv.image_size" in run.data.tags else "640x640"
    h, w = value.split("x")
    return int(h), int(w)


def main(sweep_id):
    sweep = client.get_run(sweep_id)
    experiment_id = sweep.info.experiment_id
    for run in children(experiment_id, sweep_id):
        h, w = size_of(run)
        score = run.data.metrics.get("val/mAP", float("nan"))
        backbone = run.data.params.get("backbone", "?")
        print(f"{run.info.run_name:<12} {backbone:<10} {h}x{w} {score:.4f}")
    best = winner(experiment_id, sweep_id)
    print("winner:", best.info.run_id if best else "none")


if __name__ == "__main__":
    main(sys.argv[1])
