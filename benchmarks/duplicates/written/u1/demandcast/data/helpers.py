"""Spark helpers for sales history."""
import logging

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.window import Window

logger = logging.getLogger(__name__)

CALENDAR_TABLE = "gold.calendar"
SALES_TABLE = "gold.daily_sales"


def spark_session(app: str) -> SparkSession:
    return SparkSession.builder.appName(app).getOrCreate()


def load_sales(spark: SparkSession, region: str, start, end) -> DataFrame:
    sales = (
        spark.table(SALES_TABLE)
        .where(F.col("region") == region)
        .where(F.col("ds").between(str(start), str(end)))
        .groupBy("store_id", "ds")
        .agg(F.sum("quantity").alias("y"), F.avg("price").alias("avg_price"))
    )
    cal = spark.table(CALENDAR_TABLE).select("ds", "is_holiday", "promo_week")
    return sales.join(cal, on="ds", how="left").fillna({"is_holiday": 0, "promo_week": 0})


def add_lags(df: DataFrame, lags=(7, 14, 28)) -> DataFrame:
    w = Window.partitionBy("store_id").orderBy("ds")
    for lag in lags:
        df = df.withColumn(f"lag_{lag}", F.lag("y", lag).over(w))
    return df


def drop_closed_days(df: DataFrame, min_share: float = 0.02) -> DataFrame:
    """Days with almost no sales are days on which the store was shut."""
    w = Window.partitionBy("store_id")
    out = df.withColumn("_mean", F.avg("y").over(w)).where(F.col("y") > F.col("_mean") * min_share)
    logger.info("dropped closed days")
    return out.drop("_mean")


def store_frames(df: DataFrame):
    """Yield (store, pandas frame); only for regions which fit in the driver."""
    for (store,) in df.select("store_id").distinct().toLocalIterator():
        yield store, df.where(F.col("store_id") == store).orderBy("ds").toPandas()
