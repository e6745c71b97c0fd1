"""Rolling-origin validation with one child run for each fold."""
from __future__ import annotations

from typing import Any

import mlflow

from demandcast.training.data import folds
from demandcast.training.features import split_xy
from demandcast.training.models import make, mape


def _open_fold(number: int, valid):
    first, last = valid.index.min().date(), valid.index.max().date()
    return mlflow.start_run(
        run_name=f"fold-{number}",
        nested=True,
        tags={
            "dc.fold": str(number),
            "dc.valid_from": first.isoformat(),
            "dc.valid_to": last.isoformat(),
        },
    )


def cross_validate(frame, kind: str, params: dict[str, Any], count: int = 4, days: int = 14) -> float:
    """Mean mape over the folds; a run has to be active."""
    scores = []
    for number, train, valid in folds(frame, count, days):
        with _open_fold(number, valid):
            x, y = split_xy(train)
            model = make(kind, params).fit(x, y)
            vx, vy = split_xy(valid)
            score = mape(vy, model.predict(vx))
            mlflow.log_params(params)
            mlflow.log_metric("val_mape", score)
            scores.append(score)
    mean = sum(scores) / len(scores)
    mlflow.log_metric("cv_mape", mean)
    return mean
