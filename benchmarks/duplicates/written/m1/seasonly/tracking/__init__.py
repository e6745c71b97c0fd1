from seasonly.tracking.experiment import get_or_create_experiment
from seasonly.tracking.logger import ForecastLogger

__all__ = ["ForecastLogger", "get_or_create_experiment"]
