"""Make all experiments of a new tracking server. usage: python -m scripts.bootstrap [region ...]"""
import sys

import mlflow

import settings


def main(regions):
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    client = mlflow.MlflowClient()
    for region in regions:
        name = settings.experiment_name(region)
        found = client.get_experiment_by_name(name)
        if found and found.lifecycle_stage == "deleted":
            print("restore", name)
            client.restore_experiment(found.experiment_id)
            eid = found.experiment_id
        elif found:
            eid = found.experiment_id
        else:
            eid = mlflow.create_experiment(name, artifact_location=settings.ARTIFACT_BUCKET + "/" + name)
        print(region, eid)


if __name__ == "__main__":
    main(sys.argv[1:] or settings.REGIONS)
