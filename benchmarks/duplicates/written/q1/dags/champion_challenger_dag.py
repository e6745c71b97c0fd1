"""DAG: quarterly champion/challenger comparison."""
import logging
from datetime import datetime

import mlflow
from airflow.decorators import dag, task
from mlflow import MlflowClient
from mlflow.exceptions import RestException

from creditrisk.constants import PORTFOLIOS

EXPERIMENT = "/risk/pd/comparison"
log = logging.getLogger("airflow.task")


def prepare_experiment(name=EXPERIMENT):
    """someone deleted the comparison experiment twice already..."""
    client = MlflowClient()
    e = client.get_experiment_by_name(name)
    try:
        if e is None:
            return client.create_experiment(name)
    except RestException as err:
        if err.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
        e = client.get_experiment_by_name(name)
    if e.lifecycle_stage == "deleted":
        client.restore_experiment(e.experiment_id)
        log.warning("restored %s", name)
    return e.experiment_id


@dag(schedule="@quarterly", start_date=datetime(2022, 1, 1), catchup=False, default_args={"owner": "credit-risk"})
def champion_challenger():
    @task
    def load_paths(portfolio: str) -> dict:
        base = f"/data/risk/dev/{portfolio}"
        return {"train": f"{base}/train.parquet", "oot": f"{base}/oot.parquet"}

    @task
    def challengers(portfolio: str, paths: dict, ds: str = "") -> str:
        import pandas as pd

        from creditrisk.challenger import ChallengerStudy

        study = ChallengerStudy(portfolio, ds[:7])
        best = study.run(pd.read_parquet(paths["train"]), pd.read_parquet(paths["oot"]))
        return best.info.run_id

    @task
    def compare(portfolio: str, challenger_id: str, ds: str = "") -> bool:
        client = MlflowClient()
        champion = client.get_run(client.get_model_version_by_alias(f"pd-{portfolio}", "champion").run_id)
        challenger = client.get_run(challenger_id)
        delta = challenger.data.metrics["gini_oot"] - champion.data.metrics["gini_oot"]
        exp_id = prepare_experiment()
        with mlflow.start_run(
            experiment_id=exp_id,
            run_name=f"compare-{portfolio}-{ds[:7]}",
            tags={
                "compare.champion": champion.info.run_id,
                "compare.challenger": challenger_id,
                "compare.portfolio": portfolio,
            },
        ):
            mlflow.log_metric("gini_delta", delta)
        return delta > 0.02

    @task
    def propose(portfolio: str, better: bool) -> None:
        if not better:
            log.info("%s: champion stays", portfolio)
            return
        exp = mlflow.get_experiment_by_name("/risk/pd/" + portfolio)
        top = MlflowClient().search_runs(
            [exp.experiment_id],
            "attributes.status = 'FINISHED' and tags.`audit.purpose` = 'development'",
            order_by=["metrics.gini_oot DESC"],
            max_results=1,
        )
        if not top:
            raise ValueError(f"no development run of {portfolio}")
        MlflowClient().set_tag(top[0].info.run_id, "audit.proposed", "true")

    for p in PORTFOLIOS:
        propose(p, compare(p, challengers(p, load_paths(p))))


champion_challenger()
