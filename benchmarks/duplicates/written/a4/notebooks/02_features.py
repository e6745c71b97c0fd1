# Databricks notebook source
import pyspark.sql.functions as F
from pyspark.sql.window import Window

# COMMAND ----------

dbutils.widgets.text("events", "fraud.events")
dbutils.widgets.text("features", "fraud.features")
events = spark.table(dbutils.widgets.get("events"))

# COMMAND ----------

DAY = 86400


def velocity(frame, key, days):
    w = (
        Window.partitionBy(key)
        .orderBy(F.col("event_ts").cast("long"))
        .rangeBetween(-days * DAY, -1)
    )
    return (
        frame.withColumn(f"{key}_count_{days}d", F.count("event_id").over(w))
        .withColumn(f"{key}_sum_{days}d", F.coalesce(F.sum("amount_eur").over(w), F.lit(0.0)))
        .withColumn(f"{key}_max_{days}d", F.coalesce(F.max("amount_eur").over(w), F.lit(0.0)))
    )


# COMMAND ----------

frame = events
for key in ("card_id", "merchant_id", "device_id"):
    for days in (1, 7, 30):
        frame = velocity(frame, key, days)

frame = frame.withColumn("hour", F.hour("event_ts")).withColumn("weekday", F.dayofweek("event_ts"))
frame = frame.withColumn("is_night", (F.col("hour") < 6).cast("int"))

# COMMAND ----------

frame.write.format("delta").mode("overwrite").option("overwriteSchema", "true").saveAsTable(
    dbutils.widgets.get("features")
)

# COMMAND ----------

display(spark.table(dbutils.widgets.get("features")).summary())
