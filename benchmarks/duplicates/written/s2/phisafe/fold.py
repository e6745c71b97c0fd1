"""Trackers for one cell of the site x fold x seed cube."""
from mlflow.entities import ViewType

from phisafe.safe import SafeTracker


class FoldTracker(SafeTracker):
    experiment = "visio/cv"

    def __init__(self, client=None, *, study=None, site=None, fold=None, seed=None):
        super().__init__(client)
        self.study, self.site, self.fold, self.seed = study, site, fold, seed

    @property
    def cell(self):
        return f"{self.site}/f{self.fold}/s{self.seed}"

    def attach(self):
        """Hook onto the run of this cell if one was begun before, newest first."""
        keys = {"study": self.study, "site": self.site, "fold": self.fold, "seed": self.seed}
        query = " and ".join(f"tags.{k} = '{v}'" for k, v in keys.items())
        hits = self._client.search_runs(
            [self.experiment_id],
            query,
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        if not hits:
            return False
        self._run = hits[0]
        return True

    def begin(self, parent=None):
        if self.attach():
            self._client.set_tag(self.run_id, "resumed", "yes")
            self._client.update_run(self.run_id, status="RUNNING")
            return self
        tags = dict(study=self.study, site=self.site, fold=self.fold, seed=self.seed, level="seed")
        tags.update(self.slurm_tags())
        if parent is not None:
            tags["mlflow.parentRunId"] = parent.run_id
        return self.open(self.cell, tags)

    def seeds_of_fold(self):
        """Sibling runs: the other seeds below the same fold."""
        me = self._client.get_run(self.run_id)
        pid = me.data.tags["mlflow.parentRunId"]
        rs = self._client.search_runs([self.experiment_id], f"tags.mlflow.parentRunId = '{pid}'")
        return [r for r in rs if r.info.run_id != self.run_id]
