# Databricks notebook source
import mlflow
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

mlflow.autolog()

# COMMAND ----------

pdf = spark.table("fraud.features").sample(0.05, seed=4).toPandas()
numeric = [c for c in pdf.columns if c.endswith("d")]

# COMMAND ----------

with mlflow.start_run(run_name="logistic baseline"):
    pipe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500, class_weight="balanced"))
    pipe.fit(pdf[numeric], pdf["label"])
