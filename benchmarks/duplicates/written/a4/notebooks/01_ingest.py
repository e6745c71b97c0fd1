# Databricks notebook source
import pyspark.sql.functions as F
from pyspark.sql.window import Window

# COMMAND ----------

dbutils.widgets.text("source", "raw.card_events")
dbutils.widgets.text("target", "fraud.events")
source = dbutils.widgets.get("source")
target = dbutils.widgets.get("target")

# COMMAND ----------

events = (
    spark.readStream.format("delta")
    .table(source)
    .withColumn("event_ts", F.to_timestamp("event_time"))
    .withColumn("amount_eur", F.col("amount_minor") / 100.0)
    .where("card_id is not null")
    .dropDuplicates(["event_id"])
)

# COMMAND ----------


def upsert(batch, batch_id):
    latest = Window.partitionBy("event_id").orderBy(F.desc("ingested_at"))
    deduped = batch.withColumn("rn", F.row_number().over(latest)).where("rn = 1").drop("rn")
    deduped.createOrReplaceTempView("updates")
    batch.sparkSession.sql(
        f"""
        MERGE INTO {target} t USING updates u ON t.event_id = u.event_id
        WHEN MATCHED THEN UPDATE SET *
        WHEN NOT MATCHED THEN INSERT *
        """
    )


# COMMAND ----------

query = (
    events.writeStream.foreachBatch(upsert)
    .option("checkpointLocation", f"dbfs:/checkpoints/{target}")
    .trigger(availableNow=True)
    .start()
)
query.awaitTermination()
