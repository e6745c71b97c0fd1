# Frequency GLM. Port of frequency.R (2021).
import getpass
import json
import logging
import subprocess

import mlflow
import mlflow.statsmodels
import numpy as np
import statsmodels.api as sm
import statsmodels.formula.api as smf

from pricing.data_prep import modelling_frame, split_by_year
from shared.metrics import gini, lift_table, poisson_deviance

logger = logging.getLogger("glm")

EXPERIMENT = "pricing-frequency-glm"


def make_formula(factors, interactions=()):
    rhs = [f"C({f})" for f in factors] + [f"C({a}):C({b})" for a, b in interactions]
    return "n_claims ~ " + " + ".join(rhs)


def fit_glm(lob, data_version, factors, interactions=(), valid_year=2023, min_exposure=0.05,
            large_loss_cap=50_000, drop_fleets=True, run_name=None, save_model=True):
    df = modelling_frame(data_version, lob, min_exposure, large_loss_cap, drop_fleets)
    train, valid = split_by_year(df, valid_year)

    mlflow.set_experiment(EXPERIMENT)
    with mlflow.start_run(run_name=run_name or f"glm_{lob}"):
        sha = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
        mlflow.set_tag("line_of_business", lob)
        mlflow.set_tag("data_version", data_version)
        mlflow.set_tag("git_sha", sha or "unknown")
        mlflow.set_tag("owner", getpass.getuser())
        mlflow.set_tag("rating_factors", json.dumps(list(factors)))
        mlflow.log_params({"valid_year": valid_year, "min_exposure": min_exposure, "cap": large_loss_cap})

        formula = make_formula(factors, interactions)
        mlflow.log_text(formula, "formula.txt")
        model = smf.glm(formula, data=train, family=sm.families.Poisson(), offset=np.log(train["exposure"])).fit()

        pred = model.predict(valid, offset=np.log(valid["exposure"]))
        mlflow.log_metric("gini_valid", gini(valid["n_claims"], pred, valid["exposure"]))
        mlflow.log_metric("deviance_valid", poisson_deviance(valid["n_claims"], pred))
        mlflow.log_metric("aic", model.aic)
        mlflow.log_text(lift_table(valid["n_claims"], pred).to_csv(index=False), "lift.csv")
        if save_model:
            mlflow.statsmodels.log_model(model, "model")
    return model


def best_glm(lob, experiment=EXPERIMENT):
    """The GLM with the highest validation gini for a line of business."""
    df = mlflow.search_runs(experiment_names=[experiment], filter_string=f"tags.line_of_business = '{lob}'")
    df = df[df["status"] == "FINISHED"]
    if df.empty or "metrics.gini_valid" not in df.columns:
        return None
    df = df.dropna(subset=["metrics.gini_valid"]).sort_values("metrics.gini_valid", ascending=False)
    if len(df) == 0:
        return None
    return df.iloc[0]["run_id"]


def lowest_aic(lob, data_version):
    runs = mlflow.search_runs(
        experiment_names=[EXPERIMENT],
        filter_string=f"tags.line_of_business = '{lob}' and tags.data_version = '{data_version}'",
        order_by=["metrics.aic ASC"],
        max_results=1,
    )
    if runs.empty:
        raise LookupError(f"no GLM for {lob} on {data_version}")
    return runs.loc[0, "run_id"]


def relativities(model):
    coef = model.params.rename("beta").to_frame()
    coef["relativity"] = np.exp(coef["beta"])
    coef["se"] = model.bse
    coef["signif"] = model.pvalues < 0.05
    return coef.reset_index().rename(columns={"index": "term"})
