"""Pyfunc wrappers so that both families are served alike."""
import pickle

import mlflow.pyfunc
import pandas as pd


class ProphetBundle(mlflow.pyfunc.PythonModel):
    """One Prophet per (store, category)."""

    def load_context(self, context):
        with open(context.artifacts["bundle"], "rb") as fh:
            self.models = pickle.load(fh)

    def predict(self, context, model_input):
        out = []
        for key, part in model_input.groupby(["store", "category"]):
            model = self.models.get(key)
            if model is None:
                continue
            yhat = model.predict(part[["ds"]])[["ds", "yhat"]]
            yhat["store"], yhat["category"] = key
            out.append(yhat)
        return pd.concat(out, ignore_index=True)


class LgbmBundle(mlflow.pyfunc.PythonModel):
    def __init__(self, features):
        self.features = list(features)

    def load_context(self, context):
        import lightgbm as lgb

        self.booster = lgb.Booster(model_file=context.artifacts["booster"])

    def predict(self, context, model_input):
        result = model_input[["store", "category", "ds"]].copy()
        result["yhat"] = self.booster.predict(model_input[self.features]).clip(min=0)
        return result


def fit_prophet(frame, holidays, **params):
    from prophet import Prophet

    models = {}
    for key, part in frame.groupby(["store", "category"]):
        if len(part) < 60:
            continue
        model = Prophet(weekly_seasonality=True, yearly_seasonality=True, **params)
        if holidays:
            model.add_country_holidays(country_name=holidays)
        models[key] = model.fit(part[["ds", "y"]])
    return models


def fit_lgbm(frame, features, **params):
    import lightgbm as lgb

    params = {"objective": "tweedie", "learning_rate": 0.05, "num_leaves": 63, **params}
    rounds = params.pop("rounds", 600)
    data = lgb.Dataset(frame[features], label=frame["y"], categorical_feature=["store", "category"])
    return lgb.train(params, data, num_boost_round=rounds)
