"""Tries of new encoders; not deployed."""

import mlflow
import mlflow.sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline

mlflow.autolog()
mlflow.set_experiment("search/playground")

pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), SGDClassifier())
with mlflow.start_run(run_name="tfidf"):
    pipeline.fit(["roter schuh", "blaue jacke"], [0, 1])
