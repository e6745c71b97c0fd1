#!/usr/bin/env python
# coding: utf-8

# # Where does the lgb lose?
# Exported from eda_residuals.ipynb

# In[1]:


import mlflow
import pandas as pd
import matplotlib.pyplot as plt

import config as C
import features

mlflow.set_tracking_uri("http://127.0.0.1:5000")
FAMILY = "lgb"


# In[2]:


q = "tags.family = '{}' and status = 'FINISHED'".format(FAMILY)
hits = mlflow.search_runs(experiment_names=[C.EXPERIMENT], filter_string=q, order_by=["attributes.start_time desc"])
run = hits.iloc[0]
print(run.run_id, run["metrics.cv_rmsle"])


# In[3]:


df = features.build()
df = df[df[C.TARGET].notna()]
oof = pd.read_parquet(mlflow.artifacts.download_artifacts(f"runs:/{run.run_id}/oof.parquet"))
df = df.merge(oof, on="id")
df["err"] = (df[C.TARGET] - df["pred"]) ** 2


# In[4]:


df.groupby("dow")["err"].mean().plot.bar()
plt.show()


# In[5]:


worst = df.groupby(["store_nbr", "family"])["err"].agg(["mean", "size"]).sort_values("mean")
worst[worst["size"] > 500].tail(20)
