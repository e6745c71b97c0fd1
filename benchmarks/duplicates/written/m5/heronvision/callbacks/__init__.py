from heronvision.callbacks.mlflow_callback import MlflowCallback
from heronvision.callbacks.stop import EarlyStop

__all__ = ["EarlyStop", "MlflowCallback"]
