"""Fits the curve again after a change of prices. Older than services.runs."""
import mlflow
from celery.utils.log import get_task_logger

from pricewell.config import config
from pricewell.pricing import Curve, demo_sales, fit_curve, mape
from pricewell.services.runs import experiment_name
from pricewell.worker.celery_app import app

log = get_task_logger(__name__)


class RefitJob:
    def __init__(self, tenant, product, reason):
        self.tenant, self.product, self.reason = tenant, product, reason
        self.key = ":".join(["refit", tenant, product, reason])
        self.client = mlflow.MlflowClient(config.tracking_uri)

    def _run(self, exp_id):
        query = "tags.`pw.job_key` = '%s'" % self.key
        runs = self.client.search_runs(experiment_ids=[exp_id], filter_string=query)
        if len(runs) == 0:
            log.info("new run for %s", self.key)
            run = self.client.create_run(experiment_id=exp_id, run_name=self.product)
            self.client.set_tag(run.info.run_id, "pw.job_key", self.key)
            self.client.set_tag(run.info.run_id, "pw.product", self.product)
        else:
            run = runs[0]
        return run

    def _last_good(self, exp_id):
        runs = self.client.search_runs(
            [exp_id],
            "tags.`pw.product` = '" + self.product + "' AND attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if not runs:
            return None
        last = runs[0]
        return Curve(last.data.metrics["a"], last.data.metrics["b"])

    def execute(self):
        exp = self.client.get_experiment_by_name(experiment_name(self.tenant))
        if exp is None:
            log.error("unknown tenant %s", self.tenant)
            return None
        old = self._last_good(exp.experiment_id)
        run = self._run(exp.experiment_id)
        if run.info.status == "FINISHED":
            return run.info.run_id
        sales = demo_sales(self.product)
        new = fit_curve(sales)
        if old is not None:
            new = Curve((old.a + new.a) / 2, (old.b + new.b) / 2)
        for k, v in (("a", new.a), ("b", new.b), ("mape", mape(new, sales))):
            self.client.log_metric(run.info.run_id, k, v)
        self.client.set_terminated(run.info.run_id)
        return run.info.run_id


@app.task
def refit(tenant, product, reason="manual"):
    return RefitJob(tenant, product, reason).execute()
