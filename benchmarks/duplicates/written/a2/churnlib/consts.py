EXPERIMENT_PREFIX = "/churn/"
DEFAULT_EXPERIMENT = EXPERIMENT_PREFIX + "weekly"

DAG_ID_TAG = "airflow.dag_id"
DAG_RUN_TAG = "airflow.run_id"
DS_TAG = "airflow.ds"
TRY_TAG = "airflow.try_number"
SNAPSHOT_TAG = "churn.snapshot"
SEGMENT_TAG = "churn.segment"

TARGET = "churned_next_30d"
ID_COLUMN = "subscriber_id"

NUMERIC = [
    "tenure_days",
    "monthly_fee",
    "tickets_90d",
    "logins_30d",
    "payment_failures_180d",
    "discount_pct",
]
CATEGORICAL = ["plan", "region", "acquisition_channel", "payment_method"]
SEGMENTS = ("new", "core", "premium")
