# SVM baseline (Lena, bachelor thesis)
import mlflow
import numpy as np
from mlflow.tracking import MlflowClient
from sklearn.metrics import f1_score
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from common import DATASETS, load

EXPERIMENT = "tabsuite/svm"


def get_exp(name):
    client = MlflowClient()
    exp = client.get_experiment_by_name(name)
    if exp is None:
        client.create_experiment(name)
    elif exp.lifecycle_stage == "deleted":
        client.restore_experiment(exp.experiment_id)
    return mlflow.set_experiment(name).experiment_id


def run_dataset(name, C, gamma, seed):
    X, y = load(name)
    X, y = X.to_numpy(), y.to_numpy()
    cv = RepeatedStratifiedKFold(n_splits=5, n_repeats=2, random_state=seed)
    with mlflow.start_run(run_name=f"svm-{name}-{seed}"):
        mlflow.set_tag("suite", "tabsuite-2")
        mlflow.set_tag("student", "lena")
        mlflow.set_tag("family", "kernel")
        mlflow.set_tag("cv_scheme", "5x2")
        mlflow.log_params({"dataset": name, "algorithm": "svm", "seed": seed, "C": C, "gamma": gamma})
        vals = []
        for k, (a, b) in enumerate(cv.split(X, y)):
            with mlflow.start_run(run_name=f"fold{k}", nested=True):
                mlflow.set_tag("fold", k)
                clf = make_pipeline(StandardScaler(), SVC(C=C, gamma=gamma))
                clf.fit(X[a], y[a])
                f1 = f1_score(y[b], clf.predict(X[b]), average="macro")
                mlflow.log_metric("fold_f1", f1)
                vals.append(f1)
        mlflow.log_metric("f1_macro", np.mean(vals))
        mlflow.log_metric("f1_std", np.std(vals))
    return np.mean(vals)


if __name__ == "__main__":
    get_exp(EXPERIMENT)
    for d in DATASETS:
        for c in (0.1, 1, 10):
            print(d, c, run_dataset(d, c, "scale", 0))
