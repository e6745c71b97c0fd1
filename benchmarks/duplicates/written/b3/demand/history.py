"""What has run before."""
import datetime as dt
import logging
import os

from mlflow import MlflowClient
from mlflow.entities import ViewType

from demand.keys import Keys

log = logging.getLogger(__name__)


class History:
    def __init__(self, uri=None):
        self.api = MlflowClient(tracking_uri=uri or os.getenv("MLFLOW_TRACKING_URI"))

    def experiment(self, job):
        """Id of the experiment of a job."""
        name = f"demand/{job}"
        entity = self.api.get_experiment_by_name(name)
        if entity is None:
            log.info("creating %s", name)
            return self.api.create_experiment(name)
        return entity.experiment_id

    def last_success(self, job, partition):
        """Id of the last successful run of a partition or None."""
        result = self.api.search_runs(
            experiment_ids=[self.experiment(job)],
            filter_string=f"tags.`{Keys.PARTITION}` = '{partition}' and attributes.status = 'FINISHED'",
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=1,
            order_by=["attributes.end_time DESC"],
        )
        return result[0].info.run_id if result else None

    def last_of(self, job):
        result = self.api.search_runs(
            [self.experiment(job)],
            f"tags.`{Keys.JOB}` = '{job}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return result[0] if result else None

    def succeeded(self, job, partition):
        return self.last_success(job, partition) is not None

    def best(self, job):
        result = self.api.search_runs(
            [self.experiment(job)],
            "metrics.mape >= 0",
            order_by=["metrics.mape ASC"],
            max_results=1,
        )
        return result[0] if result else None

    def open_partition(self, parent, partition, attempt):
        run = self.api.create_run(
            parent.info.experiment_id,
            run_name=f"{partition}#{attempt}",
            tags={
                Keys.PARENT: parent.info.run_id,
                Keys.PARTITION: partition,
                Keys.ATTEMPT: str(attempt),
            },
        )
        return run.info.run_id


def watermark(run):
    """Day up to which a run has consumed; None for full loads."""
    text = run.data.tags.get(Keys.WATERMARK)
    return dt.date.fromisoformat(text) if text else None


def job_tags(spark, job, partition):
    return {
        Keys.JOB: job,
        Keys.PARTITION: partition,
        Keys.APP_ID: spark.sparkContext.applicationId,
        Keys.IMAGE: os.getenv("IMAGE_TAG", "dev"),
    }
