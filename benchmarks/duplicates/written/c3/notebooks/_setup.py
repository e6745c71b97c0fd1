# Databricks notebook source
import sys

sys.path.append("/Workspace/Repos/risk/scoring/src")

# COMMAND ----------

import mlflow

mlflow.set_tracking_uri("databricks")
mlflow.set_registry_uri("databricks-uc")
