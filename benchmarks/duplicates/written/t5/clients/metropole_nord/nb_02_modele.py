#!/usr/bin/env python
# coding: utf-8

# # 02 - Modèle bâti

# In[1]:

import mlflow
import numpy as np
import pandas as pd
import segmentation_models_pytorch as smp
import torch
from pyproj import CRS

mlflow.set_tracking_uri("http://gpu1:5000")
mlflow.set_experiment("metropole_nord-bati")

# In[2]:

MILLESIME = 2022
RES = 0.2
crs = CRS.from_epsg(2154)
tuiles = pd.read_csv("data/tuiles_2022.csv")
tuiles = tuiles[tuiles.nuages < 5]
train = tuiles.sample(frac=0.8, random_state=3)
val = tuiles.drop(train.index)

# In[3]:


def jeu(df):
    for _, ligne in df.iterrows():
        img = np.load(ligne.image).astype("float32") / 255
        lab = np.load(ligne.masque).astype("int64")
        yield torch.from_numpy(img)[None], torch.from_numpy(lab)[None]


def etiquettes_projet(millesime, res, epsg):
    et = dict()
    et["client"] = "metropole_nord"
    et["millesime"] = str(millesime)
    et["crs"] = "EPSG:%s" % epsg
    et["resolution_m"] = str(res)
    return et


# In[4]:

def lancer(lr, encodeur="resnet34", epoques=30):
    with mlflow.start_run(run_name=f"{encodeur}-{lr}") as r:
        mlflow.set_tags(etiquettes_projet(MILLESIME, RES, crs.to_epsg()))
        mlflow.log_params(dict(lr=lr, encodeur=encodeur, epoques=epoques))
        net = smp.FPN(encodeur, in_channels=4, classes=2)
        opt = torch.optim.Adam(net.parameters(), lr)
        for e in range(epoques):
            pertes = []
            for x, y in jeu(train):
                opt.zero_grad()
                p = torch.nn.functional.cross_entropy(net(x), y)
                p.backward()
                opt.step()
                pertes.append(p.item())
            mlflow.log_metric("perte", np.mean(pertes), step=e)
        mlflow.pytorch.log_model(net, "modele")
    return r.info.run_id


# In[5]:

def moindre_perte():
    return mlflow.search_runs(order_by=["metrics.perte ASC"], max_results=1).iloc[0].run_id


# In[6]:

if __name__ == "__main__":
    for lr in (1e-3, 3e-4, 1e-4):
        lancer(lr)
    print(moindre_perte())
