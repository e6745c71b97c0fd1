# Databricks notebook source
# MAGIC %md
# MAGIC # Drift of the features between two table versions

# COMMAND ----------

import mlflow
import numpy as np
import pandas as pd

TABLE = "telco.churn.features"

# COMMAND ----------

ctx = dbutils.notebook.entry_point.getDbutils().notebook().getContext()  # noqa: F821
now = spark.sql(f"DESCRIBE HISTORY {TABLE} LIMIT 1").first()["version"]  # noqa: F821
tags = dict(
    [
        ("ctx.notebook", ctx.notebookPath().get()),
        ("ctx.job", ctx.jobId().getOrElse(None) or "interactive"),
        ("ctx.cluster", ctx.clusterId().get()),
        ("ctx.user", ctx.userName().get()),
    ]
)
tags.update({"data.table": TABLE, "data.version": str(now)})

# COMMAND ----------


def numeric(version):
    df = spark.read.option("versionAsOf", version).table(TABLE).sample(0.05, seed=3)  # noqa: F821
    return df.toPandas().select_dtypes("number")


def ks(a, b):
    grid = np.sort(np.concatenate([a, b]))
    fa = np.searchsorted(np.sort(a), grid, side="right") / len(a)
    fb = np.searchsorted(np.sort(b), grid, side="right") / len(b)
    return float(np.abs(fa - fb).max())


old, new = numeric(now - 1), numeric(now)
table = pd.Series({c: ks(old[c].values, new[c].values) for c in new if c in old})

# COMMAND ----------

with mlflow.start_run(run_name=f"drift-{now}", tags=tags):
    mlflow.log_metrics({f"ks_{c}": v for c, v in table.items()})
    mlflow.log_metric("ks_max", table.max())
