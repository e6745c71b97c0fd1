"""Copy runs from the development to the production workspace."""
import tempfile

from mlflow.tracking import MlflowClient


class WorkspaceCopy:
    def __init__(self, source_uri, target_uri):
        self.source = MlflowClient(source_uri)
        self.target = MlflowClient(target_uri)

    def run(self, run_id, experiment_path):
        run = self.source.get_run(run_id)
        experiment = self.target.get_experiment_by_name(experiment_path)
        copy = self.target.create_run(experiment.experiment_id, tags=run.data.tags)
        for key, value in run.data.params.items():
            self.target.log_param(copy.info.run_id, key, value)
        for key in run.data.metrics:
            for point in self.source.get_metric_history(run_id, key):
                self.target.log_metric(copy.info.run_id, key, point.value, point.timestamp, point.step)
        with tempfile.TemporaryDirectory() as folder:
            path = self.source.download_artifacts(run_id, "", folder)
            self.target.log_artifacts(copy.info.run_id, path)
        self.target.set_terminated(copy.info.run_id, run.info.status)
        return copy.info.run_id
