"""Put one config of a study into the queue again."""

import json
import sys

import mlflow

from tunelab.space import config_hash


def tried(experiment_id, config):
    wanted = config_hash(config)
    df = mlflow.search_runs([experiment_id], filter_string=f"tags.`tune.config_hash` = '{wanted}'")
    if df.empty:
        return None
    return mlflow.get_run(df["run_id"].iat[0])


def queue_tags(priority, owner):
    return {"queue.priority": str(priority), "queue.owner": owner, "queue.state": "waiting"}


def main(study, path):
    experiment = mlflow.get_experiment_by_name("tune/" + study)
    with open(path) as f:
        config = json.load(f)
    run = tried(experiment.experiment_id, config)
    if run is not None and run.info.status == "FINISHED":
        sys.exit(f"done already: {run.data.metrics.get('val_loss')}")
    last = mlflow.search_runs(
        [experiment.experiment_id], order_by=["attributes.start_time DESC"], max_results=1, output_format="list"
    )
    after = last[0].info.run_id if last else None
    with mlflow.start_run(experiment_id=experiment.experiment_id, tags=queue_tags(1, "ops")):
        mlflow.log_dict(config, "config.json")
        mlflow.log_param("after", after)


if __name__ == "__main__":
    main(*sys.argv[1:])
