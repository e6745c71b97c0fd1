"""Lecture et écriture de rasters, découpage en tuiles."""
from __future__ import annotations

from pathlib import Path
from typing import Iterator

import numpy as np
import rasterio
from rasterio.windows import Window, bounds as window_bounds
from shapely.geometry import box


def fenetres(chemin: Path, taille: int = 512, recouvrement: int = 64) -> Iterator[Window]:
    with rasterio.open(chemin) as src:
        pas = taille - recouvrement
        for ligne in range(0, src.height, pas):
            for colonne in range(0, src.width, pas):
                yield Window(colonne, ligne, min(taille, src.width - colonne), min(taille, src.height - ligne))


def lire(chemin: Path, fenetre: Window, bandes: list[int] | None = None) -> np.ndarray:
    with rasterio.open(chemin) as src:
        donnees = src.read(bandes, window=fenetre, boundless=True, fill_value=0)
    return donnees.astype("float32") / 255.0


def ecrire(chemin: Path, classes: np.ndarray, profil: dict) -> None:
    profil = {**profil, "count": 1, "dtype": "uint8", "compress": "deflate", "nodata": 255}
    chemin.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(chemin, "w", **profil) as dst:
        dst.write(classes.astype("uint8"), 1)


def dans_emprise(chemin: Path, fenetre: Window, emprise: tuple[float, float, float, float]) -> bool:
    with rasterio.open(chemin) as src:
        return box(*window_bounds(fenetre, src.transform)).intersects(box(*emprise))


def ndvi(img: np.ndarray, rouge: int = 0, pir: int = 3) -> np.ndarray:
    r, n = img[rouge], img[pir]
    return (n - r) / np.clip(n + r, 1e-6, None)
