"""Conjuntos de datos del curso."""
import gzip
import pathlib
import urllib.request

import numpy as np
import pandas as pd

RAIZ = pathlib.Path.home() / ".cache" / "curso"
URLS = {
    "vino": "https://datos.uni.example/vino.csv.gz",
    "bicis": "https://datos.uni.example/bicis.csv.gz",
    "texte": "https://datos.uni.example/texte.csv.gz",
}


def descargar(nombre):
    RAIZ.mkdir(parents=True, exist_ok=True)
    destino = RAIZ / f"{nombre}.csv"
    if not destino.exists():
        with urllib.request.urlopen(URLS[nombre]) as r:
            destino.write_bytes(gzip.decompress(r.read()))
    return destino


def cargar(nombre, objetivo="y"):
    df = pd.read_csv(descargar(nombre))
    return df.drop(columns=[objetivo]), df[objetivo]


def partir(X, y, frac=0.2, semilla=0):
    rng = np.random.default_rng(semilla)
    idx = rng.permutation(len(X))
    corte = int(len(X) * (1 - frac))
    tr, te = idx[:corte], idx[corte:]
    return X.iloc[tr], X.iloc[te], y.iloc[tr], y.iloc[te]
