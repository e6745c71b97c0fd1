# Databricks notebook source
import mlflow
import pyspark.sql.functions as F

# COMMAND ----------

model_uri = "models:/main.fraud.scorer@champion"
predict = mlflow.pyfunc.spark_udf(spark, model_uri, result_type="double")

# COMMAND ----------

today = spark.table("fraud.features").where("month = date_format(current_date(), 'yyyy-MM')")
columns = mlflow.pyfunc.load_model(model_uri).metadata.get_input_schema().input_names()
scored = today.withColumn("score", predict(*[F.col(c) for c in columns]))

# COMMAND ----------

scored.select("event_id", "score").write.mode("append").saveAsTable("fraud.scores")
