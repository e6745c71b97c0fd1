import os

import pandas as pd
from sqlalchemy import create_engine, text

_SNAPSHOT_SQL = """
select s.*, l.churned_next_30d
from mart.subscriber_snapshot s
left join mart.churn_labels l using (subscriber_id, snapshot_date)
where s.snapshot_date = :ds
"""


def engine():
    return create_engine(os.environ["WAREHOUSE_DSN"], pool_pre_ping=True)


def load_snapshot(ds: str) -> pd.DataFrame:
    with engine().connect() as conn:
        frame = pd.read_sql(text(_SNAPSHOT_SQL), conn, params={"ds": ds})
    if frame.empty:
        raise ValueError(f"snapshot {ds} is empty")
    return frame


def write_scores(scores: pd.DataFrame, table: str = "mart.churn_scores") -> int:
    schema, name = table.split(".")
    with engine().begin() as conn:
        scores.to_sql(name, conn, schema=schema, if_exists="append", index=False, chunksize=5000)
    return len(scores)


def snapshot_hash(frame: pd.DataFrame) -> str:
    return format(int(pd.util.hash_pandas_object(frame, index=False).sum()) & 0xFFFFFFFF, "08x")
