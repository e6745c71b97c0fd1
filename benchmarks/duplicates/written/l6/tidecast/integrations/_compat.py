"""What differs between MLflow versions."""


def need_mlflow():
    try:
        import mlflow
    except ImportError as e:
        raise ImportError("please install tidecast[mlflow]") from e
    return mlflow


def version():
    from packaging.version import Version

    return Version(need_mlflow().__version__)


def client():
    mlflow = need_mlflow()
    if hasattr(mlflow, "MlflowClient"):
        return mlflow.MlflowClient()
    from mlflow.tracking import MlflowClient

    return MlflowClient()


def experiments():
    c = client()
    if hasattr(c, "search_experiments"):
        return list(c.search_experiments())
    return c.list_experiments()


def name_of(run):
    name = getattr(run.info, "run_name", None)
    return name or run.data.tags.get("mlflow.runName", "")
