"""What may be missing."""

import importlib
import importlib.util

_mlflow = None


def has(name):
    return importlib.util.find_spec(name) is not None


def get_mlflow():
    global _mlflow
    if _mlflow is None:
        _mlflow = importlib.import_module("mlflow")
    return _mlflow


if has("keras"):
    from keras.callbacks import Callback as KerasCallback
else:

    class KerasCallback:
        """Stands in when there is no Keras."""

        params: dict = {}
        model = None

        def set_params(self, params):
            self.params = params

        def set_model(self, model):
            self.model = model
