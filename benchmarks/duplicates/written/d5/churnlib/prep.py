"""Feature engineering on Spark, shared by the notebooks."""
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

CATALOG = "telco"
FEATURE_TABLE = f"{CATALOG}.churn.features"
SCORE_TABLE = f"{CATALOG}.churn.scores"
LABEL = "churned_60d"


def usage(spark: SparkSession, days: int = 90) -> DataFrame:
    cdr = spark.table(f"{CATALOG}.raw.cdr").where(F.col("day") >= F.date_sub(F.current_date(), days))
    return cdr.groupBy("customer_id").agg(
        F.sum("minutes").alias("minutes"),
        F.sum("data_mb").alias("data_mb"),
        F.countDistinct("callee").alias("callees"),
        F.avg(F.when(F.col("dropped"), 1.0).otherwise(0.0)).alias("drop_rate"),
    )


def trend(spark: SparkSession) -> DataFrame:
    bills = spark.table(f"{CATALOG}.raw.bills")
    by_month = Window.partitionBy("customer_id").orderBy("month")
    bills = bills.withColumn("delta", F.col("amount") - F.lag("amount").over(by_month))
    return bills.groupBy("customer_id").agg(
        F.avg("amount").alias("bill_avg"),
        F.avg("delta").alias("bill_trend"),
        F.max("overdue_days").alias("overdue_max"),
    )


def contacts(spark: SparkSession) -> DataFrame:
    calls = spark.table(f"{CATALOG}.raw.care_calls")
    return calls.groupBy("customer_id").pivot("reason", ["billing", "network", "cancel"]).count().fillna(0)


def features(spark: SparkSession) -> DataFrame:
    base = spark.table(f"{CATALOG}.raw.customers").select("customer_id", "tenure", "plan", "region", LABEL)
    for part in (usage(spark), trend(spark), contacts(spark)):
        base = base.join(part, "customer_id", "left")
    return base.fillna(0)


def write(spark: SparkSession) -> int:
    features(spark).write.mode("overwrite").option("overwriteSchema", "true").saveAsTable(FEATURE_TABLE)
    return version(spark, FEATURE_TABLE)


def version(spark: SparkSession, table: str) -> int:
    return spark.sql(f"DESCRIBE HISTORY {table} LIMIT 1").collect()[0]["version"]


def pandas(spark: SparkSession, table: str = FEATURE_TABLE, fraction: float = 1.0):
    df = spark.table(table)
    if fraction < 1:
        df = df.sample(fraction, seed=1)
    out = df.toPandas()
    for col in ("plan", "region"):
        out[col] = out[col].astype("category")
    return out
