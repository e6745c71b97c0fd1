import mlflow

from demandcore.training.base_trainer import BaseTrainer


class LgbmTrainer(BaseTrainer):
    family = "lgbm"

    def fit(self, X, y):
        import lightgbm as lgb

        params = dict(self.settings.model.params, verbosity=-1)
        mlflow.log_params(params)
        return lgb.LGBMRegressor(**{**params, "n_estimators": int(params["n_estimators"])}).fit(X, y)

    def predict(self, model, X):
        return model.predict(X).clip(min=0)
