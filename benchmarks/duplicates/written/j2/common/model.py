from sklearn.ensemble import RandomForestRegressor
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import Lasso
from sklearn.metrics import mean_absolute_error
from sklearn.pipeline import make_pipeline

from common.features import TARGET, to_dicts


def make_model(kind="lasso", **params):
    if kind == "rf":
        return make_pipeline(DictVectorizer(), RandomForestRegressor(n_jobs=2, **params))
    return make_pipeline(DictVectorizer(), Lasso(**params))


def fit(df, kind="lasso", **params):
    model = make_model(kind, **params)
    model.fit(to_dicts(df), df[TARGET])
    return model


def score(model, df):
    return mean_absolute_error(df[TARGET], model.predict(to_dicts(df)))
