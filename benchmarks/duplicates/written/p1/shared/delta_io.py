"""Thin helpers around Delta tables."""
import datetime as dt
import logging

from pyspark.sql import functions as F

log = logging.getLogger("demand.delta")


def read_snapshot(spark, catalog, snapshot):
    table = f"{catalog}.features.weekly"
    df = spark.table(table).where(F.col("snapshot_id") == snapshot)
    if df.limit(1).count() == 0:
        raise ValueError(f"snapshot {snapshot} is empty in {table}")
    return df


def latest_snapshot_id(spark, catalog):
    row = (
        spark.table(f"{catalog}.features.weekly")
        .agg(F.max("snapshot_id").alias("s"))
        .first()
    )
    return row["s"]


def overwrite_partition(df, table, column, value):
    (
        df.write.format("delta")
        .mode("overwrite")
        .option("replaceWhere", f"{column} = '{value}'")
        .saveAsTable(table)
    )
    log.info("wrote %s (%s=%s)", table, column, value)


def week_floor(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def weeks_between(first, last):
    first, last = week_floor(first), week_floor(last)
    out = []
    while first <= last:
        out.append(first)
        first += dt.timedelta(weeks=1)
    return out
