"""Callbacks for other optimisers: log their trials the way studykeep does.

An optimiser calls the object after each trial with its study and the frozen trial.
"""

import logging

from studykeep import _lazy, keys

_log = logging.getLogger("studykeep.callbacks")


class MlflowTrialCallback:
    """Write the trials of an Optuna-like study."""

    def __init__(self, experiment_name="studykeep", tracking_uri=None, metric_name=keys.OBJECTIVE):
        self.experiment_name = experiment_name
        self.metric_name = metric_name
        self._client = _lazy.client(tracking_uri)
        self._exp_id = None
        self._parents = {}

    def _setup(self):
        if self._exp_id is not None:
            return
        mlflow = _lazy.mlflow()
        try:
            self._exp_id = self._client.create_experiment(self.experiment_name)
        except mlflow.exceptions.MlflowException:
            exp = self._client.get_experiment_by_name(self.experiment_name)
            if exp is None:
                raise
            if exp.lifecycle_stage != "active":
                self._client.restore_experiment(exp.experiment_id)
            self._exp_id = exp.experiment_id

    def _parent_for(self, study_name, direction):
        if study_name not in self._parents:
            candidates = self._client.search_runs(
                experiment_ids=[self._exp_id],
                filter_string="tags.studykeep.role = 'study' AND tags.studykeep.study_name = '%s'" % study_name,
                order_by=["start_time DESC"],
            )
            parent = next(iter(candidates), None)
            if parent is None:
                parent = self._client.create_run(
                    self._exp_id,
                    tags={
                        keys.STUDY_NAME: study_name,
                        keys.DIRECTION: direction,
                        keys.ROLE: "study",
                    },
                )
            self._parents[study_name] = parent.info.run_id
        return self._parents[study_name]

    def __call__(self, study, trial):
        self._setup()
        parent_run_id = self._parent_for(study.study_name, study.direction.name.lower())
        sampler = type(study.sampler).__name__
        run = self._client.create_run(
            experiment_id=self._exp_id,
            run_name="trial-%04d" % trial.number,
            tags={
                "mlflow.parentRunId": parent_run_id,
                "studykeep.role": "trial",
                "studykeep.sampler": sampler,
                "studykeep.trial_number": str(trial.number),
                "studykeep.trial_state": "running",
            },
        )
        run_id = run.info.run_id
        for name, value in trial.params.items():
            self._client.log_param(run_id, name, value)
        if trial.value is not None:
            self._client.log_metric(run_id, self.metric_name, trial.value)
            self._client.set_tag(run_id, keys.TRIAL_STATE, "complete")
            self._client.set_terminated(run_id)
        else:
            _log.debug("trial %s has no value", trial.number)
            self._client.set_tag(run_id, keys.TRIAL_STATE, "failed")
            self._client.set_terminated(run_id, status="FAILED")
