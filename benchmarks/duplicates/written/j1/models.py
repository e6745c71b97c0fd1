import numpy as np
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


class Persistence:
    """Forecast is the first lag."""

    def fit(self, X, y):
        return self

    def predict(self, X):
        return np.asarray(X)[:, 0]


def build(name, **kw):
    if name == "persistence":
        return Persistence()
    if name == "ridge":
        return make_pipeline(StandardScaler(), Ridge(alpha=kw.get("alpha", 1.0)))
    if name == "rf":
        return RandomForestRegressor(n_estimators=kw.get("n", 100), random_state=kw.get("seed", 0), n_jobs=2)
    if name == "gbm":
        return GradientBoostingRegressor(learning_rate=kw.get("lr", 0.1), random_state=kw.get("seed", 0))
    if name == "mlp":
        return make_pipeline(
            StandardScaler(),
            MLPRegressor(hidden_layer_sizes=kw.get("hidden", (64, 32)), max_iter=200, random_state=kw.get("seed", 0)),
        )
    raise ValueError(name)
