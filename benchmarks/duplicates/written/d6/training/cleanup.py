"""Cron: ends service runs whose process was killed."""
import time

from mlflow import MlflowClient

from app.config import config

client = MlflowClient(config.mlflow_uri)


def main(hours=24):
    limit = int((time.time() - hours * 3600) * 1000)
    exp = client.get_experiment_by_name(config.serve_experiment)
    if exp is None:
        return
    for run in client.search_runs([exp.experiment_id], f"attributes.status = 'RUNNING' and attributes.start_time < {limit}"):
        client.set_terminated(run.info.run_id, status="KILLED")
        print("killed", run.info.run_id)


if __name__ == "__main__":
    main()
