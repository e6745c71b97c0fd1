"""How different is the test set? One classifier per store type."""
import mlflow
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

import config as C
import features
import utils


def auc_of(df, cols):
    y = df[C.TARGET].isna().astype(int)
    clf = RandomForestClassifier(n_estimators=100, min_samples_leaf=50, n_jobs=-1, random_state=C.SEED)
    p = cross_val_predict(clf, df[cols].fillna(-1), y, cv=3, method="predict_proba")[:, 1]
    return roc_auc_score(y, p)


def most_shifted(parent_id):
    """the store type with the highest AUC"""
    kids = mlflow.search_runs(
        experiment_names=[C.ADV_EXPERIMENT],
        filter_string=f"tags.mlflow.parentRunId = '{parent_id}'",
        order_by=["metrics.auc DESC"],
        max_results=1,
    )
    return kids.iloc[0]["tags.store_type"]


def main():
    utils.init_mlflow(C.ADV_EXPERIMENT)
    df = features.build()
    df = df[df["date"] >= df["date"].max() - np.timedelta64(60, "D")]
    cols = [c for c in features.columns(df) if not c.startswith("lag_")]
    with mlflow.start_run(run_name="adversarial") as run:
        for kind, part in df.groupby("type"):
            with mlflow.start_run(run_name=f"type-{kind}", nested=True, tags={"store_type": str(kind)}):
                mlflow.log_metric("auc", auc_of(part, cols))
    print("most shifted:", most_shifted(run.info.run_id))


if __name__ == "__main__":
    main()
