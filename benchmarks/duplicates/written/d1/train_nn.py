"""MLP on the same features, pseudo-labelled by the best tree model (Ines)."""
import glob

import lightgbm as lgb
import mlflow
import numpy as np
import torch
from torch import nn

import config as C
import features
import utils


class MLP(nn.Module):
    def __init__(self, n_in, width=256, p=0.2):
        super().__init__()
        self.net = nn.Sequential(
            nn.BatchNorm1d(n_in),
            nn.Linear(n_in, width),
            nn.ReLU(),
            nn.Dropout(p),
            nn.Linear(width, width // 2),
            nn.ReLU(),
            nn.Linear(width // 2, 1),
        )

    def forward(self, x):
        return self.net(x).squeeze(-1)


def teacher_run_id():
    exp = mlflow.get_experiment_by_name(C.EXPERIMENT)
    best = mlflow.search_runs(
        [exp.experiment_id],
        filter_string="tags.family = 'lgb' AND attributes.status = 'FINISHED'",
        order_by=["metrics.cv_rmsle ASC"],
        max_results=1,
    )
    assert len(best), "train a lgb first"
    return best.run_id[0]


def pseudo_labels(test, cols):
    run_id = teacher_run_id()
    preds = []
    for rid in utils.children(run_id):
        local = mlflow.artifacts.download_artifacts(f"runs:/{rid}")
        for fn in glob.glob(local + "/lgb_fold*.txt"):
            preds.append(lgb.Booster(model_file=fn).predict(test[cols]))
    return np.mean(preds, axis=0)


def run(epochs=8, lr=1e-3):
    df = features.build()
    cols = features.columns(df)
    test = df[df[C.TARGET].isna()].copy()
    known = df[df[C.TARGET].notna()].reset_index(drop=True)
    test[C.TARGET] = pseudo_labels(test, cols)

    with mlflow.start_run(run_name="nn-pseudo"):
        mlflow.set_tag("family", "nn")
        mlflow.set_tag("features", C.FEATURES_VERSION)
        mlflow.set_tag("git", utils.git_sha())
        mlflow.set_tag("seed", C.SEED)
        mlflow.set_tag("n_folds", C.N_FOLDS)
        scores = []
        for k, tr, va in utils.folds(known["date"].values):
            model = MLP(len(cols))
            opt = torch.optim.Adam(model.parameters(), lr=lr)
            x = torch.tensor(np.nan_to_num(known.iloc[tr][cols].values), dtype=torch.float32)
            y = torch.tensor(known.iloc[tr][C.TARGET].values, dtype=torch.float32)
            xp = torch.tensor(np.nan_to_num(test[cols].values), dtype=torch.float32)
            yp = torch.tensor(test[C.TARGET].values, dtype=torch.float32)
            x, y = torch.cat([x, xp]), torch.cat([y, yp])
            for epoch in range(epochs):
                perm = torch.randperm(len(x))
                for i in range(0, len(x), 8192):
                    j = perm[i : i + 8192]
                    loss = nn.functional.mse_loss(model(x[j]), y[j])
                    opt.zero_grad()
                    loss.backward()
                    opt.step()
                mlflow.log_metric(f"loss_fold{k}", loss.item(), step=epoch)
            model.eval()
            with torch.no_grad():
                p = model(torch.tensor(np.nan_to_num(known.iloc[va][cols].values), dtype=torch.float32))
            scores.append(utils.rmsle(known.iloc[va][C.TARGET].values, p.numpy()))
        mlflow.log_metric("cv_rmsle", float(np.mean(scores)))


if __name__ == "__main__":
    utils.seed_everything()
    utils.init_mlflow()
    run()
