# Databricks notebook source
# MAGIC %md
# MAGIC # Features
# MAGIC Weekly, before the training.

# COMMAND ----------

import sys

sys.path.append("..")

from churnlib import prep

# COMMAND ----------

dbutils.widgets.text("min_rows", "100000")  # noqa: F821

# COMMAND ----------

version = prep.write(spark)  # noqa: F821
n = spark.table(prep.FEATURE_TABLE).count()  # noqa: F821
assert n > int(dbutils.widgets.get("min_rows")), n  # noqa: F821

# COMMAND ----------

dbutils.jobs.taskValues.set("feature_version", version)  # noqa: F821
dbutils.notebook.exit(str(version))  # noqa: F821
