"""Has the data moved since the model was trained?"""

import json
import logging
from datetime import datetime
from typing import Dict

import mlflow
import pandas as pd

from churncast.features import clean, psi
from churncast.settings import Target, data_file

logger = logging.getLogger(__name__)
LIMIT = 0.2


def _nightly_reference(target: Target):
    """The row of the last nightly run, or None."""
    frame = mlflow.search_runs(
        experiment_names=[target.experiment],
        filter_string=f"tags.job = 'nightly' AND tags.target = '{target.name}'",
    )
    if len(frame) == 0:
        return None
    frame = frame.sort_values("start_time", ascending=False)
    return frame.iloc[0]


def drift_report(target: Target, day: str) -> Dict[str, float]:
    row = _nightly_reference(target)
    if row is None:
        return {}
    try:
        features = json.loads(row["tags.features"])
    except (KeyError, TypeError):
        features = []
    trained = row["start_time"].date().isoformat()
    old = clean(pd.read_parquet(data_file(trained))[features])
    new = clean(pd.read_parquet(data_file(day))[features])
    return {name: psi(old[name], new[name]) for name in features}


def drifted(target: Target, day: str) -> bool:
    report = drift_report(target, day)
    worst = max(report.values(), default=0.0)
    logger.info("Largest PSI of %s is %.3f", target.name, worst)
    return worst > LIMIT


def log_report(target: Target, day: str) -> None:
    report = drift_report(target, day)
    mlflow.set_experiment(f"{target.experiment}-drift")
    with mlflow.start_run(run_name=f"drift-{day}", tags={"target": target.name, "at": datetime.now().isoformat()}):
        mlflow.log_metrics({f"psi_{k}": v for k, v in report.items()})
