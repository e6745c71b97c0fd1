"""Nightly regression: the champion of every customer against yesterday's prompts.

First thing here which was written after the move to MLflow 3, by the contractor.
"""
from __future__ import annotations

import datetime as dt
import logging

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import RestException

from tuneshop.config import get_settings
from tuneshop.evals.judges import scorers_for
from tuneshop.schemas import Suite

logger = logging.getLogger(__name__)


def find_eval(exp_id, adapter, suite):
    runs_df = mlflow.search_runs(
        experiment_ids=[exp_id],
        filter_string=f"tags.`tuneshop.adapter_digest` = '{adapter}' and tags.`tuneshop.suite` = '{suite}'",
    )
    if runs_df.empty:
        return None
    ok = runs_df[runs_df["status"] == "FINISHED"].sort_values("start_time", ascending=False)
    if ok.empty:
        return None
    return MlflowClient().get_run(ok["run_id"].values[0])


def get_experiment_id(customer, kind):
    cfg = get_settings()
    try:
        return mlflow.create_experiment(
            f"{cfg.environment}/{customer}/{kind}", tags={"customer": customer, "team": cfg.team}
        )
    except RestException as e:
        if e.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
        return mlflow.get_experiment_by_name(f"{cfg.environment}/{customer}/{kind}").experiment_id


def champion_run(customer):
    c = MlflowClient()
    try:
        mv = c.get_model_version_by_alias(f"{customer}-assistant", "champion")
    except RestException:
        logger.warning("%s has no champion", customer)
        return None
    return c.get_run(mv.run_id)


def prompt_version(run):
    uri = run.data.tags.get("tuneshop.prompt", "")
    if not uri.startswith("prompts:/"):
        return None, None
    parts = uri[len("prompts:/"):].split("/")
    return "/".join(parts[:-1]), int(parts[-1])


def regress(customer, rows):
    run = champion_run(customer)
    if run is None:
        return None
    digest = run.data.tags["tuneshop.adapter_digest"]
    exp_id = get_experiment_id(customer, "eval")
    before = find_eval(exp_id, digest, "helpfulness")
    if before is None:
        logger.info("%s was never evaluated", digest)
        return None
    name, version = prompt_version(before)
    prompt = mlflow.genai.load_prompt(name, version=version)
    tags = {}
    tags["tuneshop.adapter_digest"] = digest
    tags["tuneshop.regression_of"] = before.info.run_id
    tags["tuneshop.day"] = dt.date.today().isoformat()
    model = mlflow.pyfunc.load_model(f"models:/{customer}-assistant@champion")
    with mlflow.start_run(experiment_id=exp_id, run_name=f"regress-{dt.date.today()}", tags=tags):
        result = mlflow.genai.evaluate(
            data=rows,
            predict_fn=lambda question: model.predict(prompt.format(question=question)),
            scorers=scorers_for(Suite.HELPFULNESS, get_settings().judge),
        )
    drop = before.data.metrics["helpfulness/mean"] - result.metrics["helpfulness/mean"]
    return drop


def history(customer, days=30):
    """Daily regressions as a table."""
    exp = mlflow.get_experiment_by_name(get_settings().experiment_for(customer, "eval"))
    if exp is None:
        return pd.DataFrame()
    since = int((dt.datetime.now() - dt.timedelta(days=days)).timestamp() * 1000)
    df = mlflow.search_runs(
        [exp.experiment_id],
        f"tags.`tuneshop.day` != '' and attributes.start_time > {since}",
        order_by=["attributes.start_time ASC"],
    )
    return df[["tags.tuneshop.day", "metrics.helpfulness/mean"]] if len(df) else df
