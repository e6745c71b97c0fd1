"""Gaussian processes, subsampled. Lena, master thesis; now with common."""
import mlflow
import numpy as np
from mlflow.tracking import MlflowClient
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF, Matern, WhiteKernel
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.preprocessing import StandardScaler

from common import DATASETS, SEEDS, best_f1, done, env_tags, load, scores, setup

KERNELS = {"rbf": RBF() + WhiteKernel(), "matern": Matern(nu=1.5) + WhiteKernel()}
LIMIT = 2000


def subsample(X, y, seed):
    if len(X) <= LIMIT:
        return X, y
    idx = np.random.default_rng(seed).choice(len(X), LIMIT, replace=False)
    return X[idx], y[idx]


def interrupted(exp_id, dataset, kernel, seed):
    """A run that is still RUNNING (the queue kills after 24 h)."""
    runs = MlflowClient().search_runs(
        [exp_id],
        f"params.dataset = '{dataset}' and params.algorithm = 'gp-{kernel}' "
        f"and params.seed = '{seed}' and attributes.status = 'RUNNING'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0].info.run_id if runs else None


def fit_all(dataset, kernel, seed):
    X, y = (v.to_numpy() for v in load(dataset))
    X, y = subsample(StandardScaler().fit_transform(X), y, seed)
    out = []
    for a, b in StratifiedShuffleSplit(3, random_state=seed).split(X, y):
        gp = GaussianProcessClassifier(KERNELS[kernel], random_state=seed).fit(X[a], y[a])
        out.append(scores(y[b], gp.predict(X[b]), gp.predict_proba(X[b])))
    return {k: np.mean([o[k] for o in out]) for k in out[0]}


def main():
    exp_id = setup("gp")
    for dataset in DATASETS:
        for kernel in KERNELS:
            for seed in SEEDS:
                if done(exp_id, dataset, f"gp-{kernel}", seed):
                    continue
                rid = interrupted(exp_id, dataset, kernel, seed)
                with mlflow.start_run(run_id=rid, run_name=None if rid else f"gp-{dataset}"):
                    mlflow.set_tags(env_tags())
                    mlflow.set_tag("cv_scheme", "3x1")
                    mlflow.log_params({"dataset": dataset, "algorithm": f"gp-{kernel}", "seed": seed})
                    mlflow.log_metrics(fit_all(dataset, kernel, seed))
        run = best_f1(exp_id, dataset)
        print(dataset, run.data.params["algorithm"], run.data.metrics["f1_macro"])


if __name__ == "__main__":
    main()
