"""Pages about backtests."""

from datetime import timezone

import pandas as pd
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

from tidecast.tracking.const import Tags


def _line(cells):
    return "| " + " | ".join(str(c) for c in cells) + " |"


class BacktestReport:
    """A page in Markdown about the last backtest of a model."""

    def __init__(self, experiment_id, client=None):
        self.experiment_id = experiment_id
        self._mlflow_client = client or MlflowClient()

    def _pick(self, model_name):
        hits = [
            run
            for run in self._mlflow_client.search_runs(
                [self.experiment_id],
                filter_string=f"tags.`{Tags.MODEL}` = '{model_name}' and tags.`{Tags.KIND}` = 'backtest'",
                run_view_type=ViewType.ACTIVE_ONLY,
            )
            if run.info.status == "FINISHED"
        ]
        hits.sort(key=lambda run: run.info.start_time)
        return hits[-1].info.run_id if hits else None

    def _folds(self, parent_id):
        return self._mlflow_client.search_runs(
            [self.experiment_id], f"tags.mlflow.parentRunId = '{parent_id}'"
        )

    def render(self, model_name):
        run_id = self._pick(model_name)
        if run_id is None:
            return f"# {model_name}\n\nNo backtest yet.\n"
        out = [f"# {model_name}", "", _line(["cutoff", "smape", "rmse"]), _line(["---"] * 3)]
        for run in self._folds(run_id):
            when = pd.Timestamp(run.data.tags.get("tidecast.cutoff"))
            if when.tzinfo is None:
                when = when.tz_localize(timezone.utc)
            else:
                when = when.tz_convert(timezone.utc)
            metrics = run.data.metrics
            out.append(_line([when.date(), f"{metrics['smape']:.2f}", f"{metrics['rmse']:.2f}"]))
        return "\n".join(out) + "\n"
