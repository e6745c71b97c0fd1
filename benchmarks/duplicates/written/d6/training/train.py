from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click
import joblib
import mlflow
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline

from app.config import config
from app.ml.registry import RunRegistry
from app.ml.text import clean


def build(c: float, ngrams: int) -> Pipeline:
    return Pipeline(
        [
            ("tfidf", TfidfVectorizer(ngram_range=(1, ngrams), min_df=3, sublinear_tf=True)),
            ("clf", LogisticRegression(C=c, max_iter=2000, class_weight="balanced")),
        ]
    )


def threshold_for(pipeline: Pipeline, x, y) -> float:
    proba = pipeline.predict_proba(x).max(axis=1)
    right = pipeline.predict(x) == y
    for t in (0.3, 0.4, 0.5, 0.6, 0.7):
        kept = proba >= t
        if kept.any() and right[kept].mean() > 0.95:
            return t
    return 0.8


@click.command()
@click.argument("csv", type=click.Path(exists=True))
@click.option("--dataset", default=config.dataset)
@click.option("--c", type=float, default=2.0)
@click.option("--ngrams", type=int, default=2)
@click.option("--max-len", type=int, default=4000)
def main(csv: str, dataset: str, c: float, ngrams: int, max_len: int) -> None:
    df = pd.read_csv(csv).dropna(subset=["body", "label"])
    x = df["body"].map(lambda s: clean(s, max_len))
    x_tr, x_te, y_tr, y_te = train_test_split(x, df["label"], stratify=df["label"], random_state=0)

    mlflow.set_tracking_uri(config.mlflow_uri)
    mlflow.set_experiment(config.train_experiment)
    with mlflow.start_run(run_name=f"{dataset}-c{c}"):
        mlflow.log_params({"dataset": dataset, "c": c, "ngrams": ngrams})
        pipeline = build(c, ngrams).fit(x_tr, y_tr)
        f1 = f1_score(y_te, pipeline.predict(x_te), average="macro")
        mlflow.log_metric("f1_macro", f1)
        mlflow.set_tags(
            {
                "serve.labels": json.dumps(list(pipeline.classes_)),
                "serve.max_len": max_len,
                "serve.threshold": threshold_for(pipeline, x_te, y_te),
            }
        )
        with tempfile.TemporaryDirectory() as tmp:
            path = Path(tmp) / "pipeline.joblib"
            joblib.dump(pipeline, path)
            mlflow.log_artifact(str(path))

    best = RunRegistry(config).best_for(dataset)
    click.echo(f"f1 {f1:.4f}, best {best.data.metrics['f1_macro']:.4f}")


if __name__ == "__main__":
    main()
