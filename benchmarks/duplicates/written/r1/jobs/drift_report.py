"""PSI between the last two snapshots, mailed to the campaign managers."""
import logging
import smtplib
from email.message import EmailMessage

import mlflow
from mlflow.tracking import MlflowClient

from churn_ml.config import MARKETS, market_config
from churn_ml.features import NUMERIC, psi
from churn_ml.tracking import job_tags, last_job_run, use_experiment

LOG = logging.getLogger("drift")
RECIPIENTS = ["campaigns@telco.example", "churn-ds@telco.example"]


def two_last_snapshots(experiment_id, market):
    runs = MlflowClient().search_runs(
        [experiment_id],
        f"tags.`churn.job` = 'prepare_features' and tags.`churn.market` = '{market}' and status = 'FINISHED'",
        order_by=["start_time DESC"],
        max_results=2,
    )
    return list(runs)


def last_failed(experiment_id, market):
    runs = MlflowClient().search_runs(
        [experiment_id],
        f"tags.`churn.job` = 'prepare_features' and tags.`churn.market` = '{market}' and status = 'FAILED'",
        order_by=["start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def origin(run):
    """who and what made a snapshot, for the mail's footer"""
    user = run.data.tags.get("mlflow.user", "?")
    notebook = run.data.tags.get("mlflow.databricks.notebookPath", "")
    return f"{user} {notebook}".strip()


def compare(spark, market, experiment_id):
    pair = two_last_snapshots(experiment_id, market)
    if len(pair) < 2:
        LOG.info("%s has no two snapshots yet", market)
        return {}
    new, old = (spark.table(r.data.params["output_table"]).toPandas() for r in pair)
    return {col: psi(old[col].dropna().values, new[col].dropna().values) for col in NUMERIC}


def send(lines):
    msg = EmailMessage()
    msg["Subject"] = "Churn feature drift"
    msg["From"] = "svc-churn@telco.example"
    msg["To"] = ", ".join(RECIPIENTS)
    msg.set_content("\n".join(lines))
    with smtplib.SMTP("mail.telco.example") as smtp:
        smtp.send_message(msg)


def main(spark, month):
    prep = use_experiment("prepare").experiment_id
    drift = use_experiment("drift")
    lines = []
    for market in MARKETS:
        values = compare(spark, market, prep)
        if not values:
            continue
        failed = last_failed(prep, market)
        with mlflow.start_run(run_name=f"drift-{market}", tags=job_tags("drift_report", month, market)):
            mlflow.log_metrics({f"psi_{k}": v for k, v in values.items()})
        bad = [k for k, v in values.items() if v > 0.2]
        lines.append(f"{market}: {', '.join(bad) or 'nothing to see'}")
        if failed is not None:
            lines.append(f"   last failure by {origin(failed)}")
        previous = last_job_run(drift.experiment_id, "drift_report", market)
        if previous is not None:
            lines.append(f"   earlier report: {previous.info.run_id} ({market_config(market).currency})")
    send(lines)
