"""DAG: monthly scoring of all portfolios on the 4th working day."""
from datetime import datetime, timedelta
import logging
from pathlib import Path

from airflow import DAG
from airflow.exceptions import AirflowFailException, AirflowSkipException
from airflow.operators.python import PythonOperator, ShortCircuitOperator

from creditrisk.constants import PORTFOLIOS

task_log = logging.getLogger("airflow.task")

default_args = {
    "owner": "credit-risk",
    "retries": 1,
    "retry_delay": timedelta(minutes=20),
    "email_on_failure": True,
    "email": ["pd-models@bank.example"],
}


def _month(context):
    return (context["logical_date"].replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def check_extract(portfolio, **context):
    p = Path("/data/risk/extracts") / portfolio / f"{_month(context)}.parquet"
    task_log.info("looking for %s", p)
    return p.exists() and p.stat().st_size > 0


def run_scoring(portfolio, **context):
    from creditrisk.batch_scoring import score

    score(Path("/data/risk/extracts"), Path("/data/risk/scores"), portfolio, _month(context))


def publish(portfolio, **context):
    """Hands the scores over to the ledger. Needs the run of this month."""
    import mlflow

    mlflow.set_tracking_uri("http://mlflow.risk.internal")
    month = _month(context)
    runs = mlflow.search_runs(
        experiment_names=["/risk/pd/monthly-scoring"],
        filter_string=f"tags.`audit.portfolio` = '{portfolio}' AND tags.`audit.reporting_month` = '{month}' AND status = 'FINISHED'",
        order_by=["start_time DESC"],
        max_results=1,
        output_format="list",
    )
    if not runs:
        raise AirflowFailException(f"nothing scored for {portfolio} {month}")
    run_id = runs[0].info.run_id
    context["ti"].xcom_push(key="scoring_run", value=run_id)
    mlflow.MlflowClient().set_tag(run_id, "audit.published", "true")


def notify(**context):
    if context["dag_run"].run_type == "manual":
        raise AirflowSkipException("manual runs do not notify")
    for portfolio in PORTFOLIOS:
        rid = context["ti"].xcom_pull(task_ids=f"publish_{portfolio}", key="scoring_run")
        task_log.info("%s -> %s", portfolio, rid)


with DAG(
    "pd_monthly_scoring",
    default_args=default_args,
    schedule="0 5 6 * *",
    start_date=datetime(2021, 3, 1),
    catchup=False,
    tags=["risk", "regulated"],
) as dag:
    done = PythonOperator(task_id="notify", python_callable=notify)
    for pf in PORTFOLIOS:
        wait = ShortCircuitOperator(task_id=f"extract_{pf}", python_callable=check_extract, op_args=[pf])
        work = PythonOperator(task_id=f"score_{pf}", python_callable=run_scoring, op_args=[pf])
        pub = PythonOperator(task_id=f"publish_{pf}", python_callable=publish, op_args=[pf])
        wait >> work >> pub >> done
