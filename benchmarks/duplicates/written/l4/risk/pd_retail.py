"""PD model, retail."""
import sys

import mlflow
from sklearn.linear_model import LogisticRegression

from risk.data import latest_day, snapshot
from risk.metrics import gini, ks
from risk.woe import Woe
from tracking import experiment_for, lineage_tags
from tracking.names import CHALLENGER, ROLE


def main(day=None):
    day = day or latest_day("retail_app")
    X, y = snapshot("retail_app", day)
    woe = Woe().fit(X, y)
    model = LogisticRegression(C=0.5, max_iter=500).fit(woe.transform(X), y)
    p = model.predict_proba(woe.transform(X))[:, 1]
    tags = lineage_tags("retail_app", day)
    tags[ROLE] = CHALLENGER
    with mlflow.start_run(experiment_id=experiment_for("retail", "pd"), run_name=f"pd-retail-{day}", tags=tags):
        mlflow.log_param("C", 0.5)
        mlflow.log_metrics({"gini_dev": gini(y, p), "ks_dev": ks(y, p)})
        mlflow.log_dict(woe.information_value(X, y), "iv.json")
        mlflow.sklearn.log_model(model, "model")


if __name__ == "__main__":
    main(*sys.argv[1:])
