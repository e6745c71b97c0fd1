"""Which data asset did the latest production candidates see?"""
import os
from collections import Counter

import mlflow
from mlflow.tracking import MlflowClient

EXPERIMENTS = ("docclass", "docclass-invoices", "docclass-contracts")


def last_finished(client, experiment):
    ident = client.get_experiment_by_name(experiment)
    if ident is None:
        return None
    finished = [r for r in client.search_runs([ident.experiment_id]) if r.info.status == "FINISHED"]
    return max(finished, key=lambda r: r.info.end_time or 0, default=None)


def main():
    client = MlflowClient()
    seen = Counter()
    for name in EXPERIMENTS:
        run = last_finished(client, name)
        if run is None:
            print(name, "-")
            continue
        value = run.data.tags.get("docclass.data_asset")
        if not value or ":" not in value:
            raise ValueError("no data asset")
        dataset, version = value.rsplit(":", 1)
        seen[dataset, version] += 1
    mlflow.set_experiment("docclass-audit")
    common = {"docclass.stage": "audit", "docclass.model": "all"}
    build = {"docclass.code_version": os.environ.get("BUILD_SOURCEVERSION", "local")}
    with mlflow.start_run(tags={**common, **build, "docclass.data_asset": "+".join(sorted(k for k, _ in seen))}):
        for (dataset, version), count in seen.items():
            mlflow.log_metric(f"uses.{dataset}.{version}", count)


if __name__ == "__main__":
    main()
