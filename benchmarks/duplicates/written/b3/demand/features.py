import pyspark.sql.functions as F
from pyspark.sql.window import Window


def lags(frame, days=(7, 14, 28)):
    w = Window.partitionBy("store_id", "sku").orderBy("day")
    for n in days:
        frame = frame.withColumn(f"units_lag{n}", F.lag("units", n).over(w))
    return frame


def rolling(frame, days=28):
    w = Window.partitionBy("store_id", "sku").orderBy("day").rowsBetween(-days, -1)
    return frame.withColumn(f"units_mean{days}", F.avg("units").over(w)).withColumn(
        f"units_std{days}", F.stddev("units").over(w)
    )


def with_calendar(frame, calendar):
    joined = frame.join(F.broadcast(calendar), "day", "left")
    return joined.withColumn("is_holiday", F.col("holiday").isNotNull().cast("int"))


def price_index(frame):
    w = Window.partitionBy("sku")
    return frame.withColumn("price_index", F.col("price") / F.avg("price").over(w))
