from __future__ import annotations

import logging
from collections.abc import Iterator

import mlflow
import numpy as np
import pandas as pd

from gridcast import runs
from gridcast.config import settings
from gridcast.methods import REGISTRY
from gridcast.score import bias, mase
from gridcast.series import Series

log = logging.getLogger(__name__)


def cutoffs(series: Series, count: int, horizon: int) -> Iterator[pd.Timestamp]:
    end = series.values.index[-1]
    for i in range(count, 0, -1):
        yield end - pd.Timedelta(hours=horizon * i - 1)


def backtest(series: Series, method: str, count: int = 5) -> float:
    cfg = settings()
    scores = []
    tags = {"backtest.count": str(count), "backtest.horizon": str(cfg.horizon), runs.SERIES: series.name}
    with runs.opened(f"backtest-{series.name}", tags) as parent:
        for number, cutoff in enumerate(cutoffs(series, count, cfg.horizon)):
            with runs.fold(parent, number) as fold_id:
                known = series.before(cutoff)
                actual = series.window(cutoff, cfg.horizon)
                forecast = REGISTRY[method]().fit(known).predict(actual.index)
                value = mase(actual, forecast, known.values, cfg.season)
                runs.client().log_metric(fold_id, "mase", value)
                runs.client().log_metric(fold_id, "bias", bias(actual, forecast))
                scores.append(value)
        mlflow.log_metric("mase", float(np.mean(scores)))
    log.info("%s %s: %.3f", series.name, method, np.mean(scores))
    return float(np.mean(scores))
