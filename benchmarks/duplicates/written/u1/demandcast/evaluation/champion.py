"""Champion selection.

A store's champion is the finished store run with the lowest WAPE.
"""
import logging
from dataclasses import dataclass
from typing import Dict, Optional

import mlflow
from mlflow import MlflowClient

from demandcast.config import ForecastConfig
from demandcast.evaluation.helpers import children, metrics_frame, region_experiment_id, window_of

logger = logging.getLogger(__name__)


@dataclass
class Champion:
    store: str
    run_id: str
    wape: float
    family: str


class ChampionBoard:
    def __init__(self, cfg: ForecastConfig, client: Optional[MlflowClient] = None):
        self.cfg = cfg
        self.client = client or MlflowClient(tracking_uri=cfg.mlflow.tracking_uri)
        self.experiment_id = region_experiment_id(self.client, cfg.mlflow.experiment_name(cfg.region))

    def champion(self, store: str) -> Optional[Champion]:
        df = mlflow.search_runs(
            experiment_ids=[self.experiment_id],
            filter_string=f"tags.`dc.store` = '{store}' and attributes.status = 'FINISHED'",
            order_by=["metrics.wape ASC"],
            max_results=1,
        )
        if df.empty:
            return None
        row = df.iloc[0]
        return Champion(store, row["run_id"], float(row["metrics.wape"]), row["tags.dc.family"])

    def least_biased(self, store: str):
        """Planning asked for this in 2023; they look at |bias|, not at WAPE."""
        runs = self.client.search_runs(
            [self.experiment_id],
            f"tags.`dc.store` = '{store}' and attributes.status = 'FINISHED'",
            max_results=200,
        )
        with_bias = [r for r in runs if "bias" in r.data.metrics]
        if not with_bias:
            return None
        return min(with_bias, key=lambda r: abs(r.data.metrics["bias"]))

    def all_champions(self) -> Dict[str, Champion]:
        board = {}
        for store in self.cfg.stores:
            champ = self.champion(store)
            if champ is None:
                logger.info("no champion for %s", store)
                continue
            board[store] = champ
        return board

    def registered(self, store: str):
        """Run behind the version with alias `champion`; may be older than champion()."""
        mv = self.client.get_model_version_by_alias(f"demand-{store}", "champion")
        return self.client.get_run(mv.run_id)

    def report(self, week_run) -> str:
        frame = metrics_frame(children(self.client, week_run))
        lines = [f"{len(frame)} stores, mean WAPE {frame['wape'].mean():.3f}"]
        for store, champ in sorted(self.all_champions().items()):
            start, end = window_of(self.client.get_run(champ.run_id))
            lines.append(f"{store:>8} {champ.family:<8} {champ.wape:.3f} {start}..{end}")
        return "\n".join(lines)

    def promote(self, champ: Champion) -> None:
        version = mlflow.register_model(f"runs:/{champ.run_id}/model", f"demand-{champ.store}")
        self.client.set_registered_model_alias(f"demand-{champ.store}", "champion", version.version)
        self.client.set_tag(champ.run_id, "dc.promoted", "true")
        self.client.set_tag(champ.run_id, "dc.promoted_version", version.version)
        self.client.set_tag(champ.run_id, "dc.promoted_model", f"demand-{champ.store}")
