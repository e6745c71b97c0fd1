"""Test score of the forest."""
import sys

import mlflow
import mlflow.sklearn

from utils import STUDY, composition, load_split, r2


def last(split):
    runs = mlflow.search_runs(experiment_names=[STUDY])
    runs = runs[(runs["tags.model"] == "forest") & (runs["tags.split"] == split) & (runs["status"] == "FINISHED")]
    if len(runs) == 0:
        raise SystemExit("train first")
    return runs.sort_values("start_time", ascending=False)["run_id"].iloc[0]


def main(split):
    run_id = last(split)
    model = mlflow.sklearn.load_model("runs:/" + run_id + "/model")
    xs, y = load_split(split, "test")
    score = r2(y, model.predict(composition(xs)))
    with mlflow.start_run(run_id=run_id):
        mlflow.log_metric("test_r2", score)
    print(score)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "random")
