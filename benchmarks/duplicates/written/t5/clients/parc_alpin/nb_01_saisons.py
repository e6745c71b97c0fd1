#!/usr/bin/env python
# coding: utf-8

# In[1]:

import lightgbm as lgb
import mlflow
import numpy as np
import pandas as pd
from sklearn.metrics import jaccard_score
from sklearn.model_selection import GroupKFold

from clients.parc_alpin.suivi_alpin import dernier_saison, experience_obligatoire, run_saison

# In[2]:

exp_id = experience_obligatoire("parc_alpin-vegetation")
pixels = pd.read_parquet("data/pixels_2023.parquet")
X = pixels.filter(regex="^(b|ndvi)").to_numpy()
y = pixels["classe"].to_numpy()
groupes = pixels["placette"].to_numpy()

# In[3]:

def validation(params):
    ious = []
    for tr, te in GroupKFold(5).split(X, y, groupes):
        m = lgb.LGBMClassifier(**params).fit(X[tr], y[tr])
        ious.append(jaccard_score(y[te], m.predict(X[te]), average="macro"))
    return float(np.mean(ious))


# In[4]:

for saison in ("printemps", "ete", "automne"):
    with run_saison(exp_id, 2023, saison):
        p = dict(n_estimators=400, num_leaves=63)
        mlflow.log_params(p)
        mlflow.log_metric("val_iou", validation(p))

# In[5]:

def meilleur(annee):
    df = mlflow.search_runs([exp_id], f"tags.millesime = '{annee}' and attributes.status = 'FINISHED'")
    if len(df) == 0 or "metrics.val_iou" not in df:
        return None
    df = df[df["metrics.val_iou"].notna()]
    if len(df) == 0:
        return None
    return mlflow.get_run(df.loc[df["metrics.val_iou"].idxmax(), "run_id"])


# In[6]:

comparaison = mlflow.search_runs([exp_id], order_by=["start_time DESC"], max_results=200)
comparaison = comparaison.pivot_table(index="tags.saison", columns="tags.millesime", values="metrics.val_iou", aggfunc="max")
print(comparaison)
print(meilleur(2023), dernier_saison(exp_id, 2023, "ete"))
