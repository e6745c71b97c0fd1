"""mlflow-shelf: keep the runs that matter on a shelf."""
from mlflow_shelf.callback import ShelfCallback
from mlflow_shelf.errors import ShelfError

__all__ = ["ShelfCallback", "ShelfError"]
__version__ = "1.6.0"
