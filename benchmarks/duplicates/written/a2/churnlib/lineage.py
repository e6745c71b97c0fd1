from churnlib import consts


def airflow_tags(context):
    """Tags that say which task instance wrote a run."""
    ti = context["ti"]
    return {
        consts.DAG_ID_TAG: ti.dag_id,
        consts.DAG_RUN_TAG: context["run_id"],
        consts.DS_TAG: context["ds"],
        consts.TRY_TAG: str(ti.try_number),
    }


def dataset_tags(frame, source):
    return {
        "data.rows": str(len(frame)),
        "data.source": source,
        "data.columns": ",".join(frame.columns),
        consts.SNAPSHOT_TAG: str(frame["snapshot_date"].max()),
    }
