class MlflowCallback:
    """For `tidecast.tune`: one run for each trial."""

    def __init__(self, experiment="tidecast", dataset="series"):
        try:
            import mlflow
        except ImportError:
            mlflow = None
        self.mlflow = mlflow
        self.experiment = experiment
        self.dataset = dataset

    def begin(self):
        if self.mlflow is None:
            return
        self.mlflow.set_experiment(self.experiment)
        self.top = self.mlflow.start_run(run_name="tune")

    def trial(self, i, model, score):
        if self.mlflow is None:
            return
        from tidecast.integrations.mlflow import forecaster_tags

        with self.mlflow.start_run(run_name=f"trial-{i}", nested=True):
            self.mlflow.set_tags({**forecaster_tags(model), "tidecast.dataset": self.dataset})
            self.mlflow.log_params(model.params())
            self.mlflow.log_metric("smape", score)

    def end(self):
        if self.mlflow is not None:
            self.mlflow.end_run()
