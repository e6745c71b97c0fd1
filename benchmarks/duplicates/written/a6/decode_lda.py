# anna
import sys

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import StratifiedKFold, cross_val_score

from common import load_epochs

SUBJECTS = sys.argv[1:] or ["01", "02", "03"]

exp = mlflow.get_experiment_by_name("decode-lda")
if exp:
    EXP = exp.experiment_id
else:
    EXP = mlflow.create_experiment("decode-lda")


def prep_run(subject):
    e = mlflow.get_experiment_by_name("preprocess")
    df = mlflow.search_runs([e.experiment_id], f"tags.`neuro.subject` = '{subject}'")
    if len(df) == 0:
        return None
    return mlflow.get_run(df.sort_values("start_time").run_id.iloc[-1])


with mlflow.start_run(experiment_id=EXP, run_name="lda group") as group:
    scores = []
    for s in SUBJECTS:
        r = prep_run(s)
        fs = int(r.data.tags["neuro.sfreq"]) if r and "neuro.sfreq" in r.data.tags else 250
        x, y = load_epochs(s, "01")
        x = x[:, :, int(0.2 * fs) : int(0.7 * fs) : 5].reshape(len(x), -1)
        with mlflow.start_run(nested=True, run_name=f"sub-{s}"):
            mlflow.set_tags({"neuro.subject": s, "neuro.session": "01"})
            lda = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
            acc = cross_val_score(lda, x, y, cv=StratifiedKFold(5, shuffle=True, random_state=0)).mean()
            mlflow.log_metric("accuracy", acc)
            scores.append(acc)
    mlflow.log_metric("accuracy", np.mean(scores))
