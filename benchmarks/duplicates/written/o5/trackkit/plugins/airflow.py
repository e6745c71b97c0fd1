"""For operators: one run per DAG run, tasks nested below it."""
import os
from datetime import datetime, timedelta

import mlflow

from trackkit.config import load_config
from trackkit.plugins.base import Plugin


class AirflowPlugin(Plugin):
    name = "airflow"

    def tags(self):
        ctx = {k: v for k, v in os.environ.items() if k.startswith("AIRFLOW_CTX_")}
        if not ctx:
            return {}
        return {
            "airflow.dag": ctx.get("AIRFLOW_CTX_DAG_ID", ""),
            "airflow.task": ctx.get("AIRFLOW_CTX_TASK_ID", ""),
            "airflow.run": ctx.get("AIRFLOW_CTX_DAG_RUN_ID", ""),
        }

    def parent_run(self, dag_run_id):
        """The run of the DAG run, started by whichever task comes first."""
        cfg = load_config()
        mlflow.set_tracking_uri(cfg.tracking_uri)
        exp = mlflow.set_experiment(cfg.experiment_name)
        known = mlflow.search_runs(
            [exp.experiment_id],
            f"tags.`airflow.run` = '{dag_run_id}' and tags.`airflow.role` = 'parent'",
            max_results=1,
            output_format="list",
        )
        if known:
            return mlflow.start_run(run_id=known[0].info.run_id)
        tags = {}
        tags["platform.team"] = cfg.team
        tags["platform.cost_center"] = cfg.cost_center
        tags["platform.owner"] = cfg.owner
        tags["platform.expires"] = f"{datetime.now() + timedelta(days=cfg.retention_days):%Y-%m-%d}"
        tags.update({"airflow.run": dag_run_id, "airflow.role": "parent"})
        return mlflow.start_run(experiment_id=exp.experiment_id, run_name=dag_run_id, tags=tags)
