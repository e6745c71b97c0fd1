"""Names of the tags that our runs carry."""

PREFIX = "code."

STUDY_KEY_HASH = PREFIX + "study_key_hash"
STUDY_FAMILY_HASH = PREFIX + "study_family_hash"
TRIAL_KEY_HASH = PREFIX + "trial_key_hash"
TRIAL_NUMBER = PREFIX + "trial_number"
REFIT_PROTOCOL = PREFIX + "refit_protocol_fp"
PROCESS_TYPE = PREFIX + "stage"
ENVIRONMENT = PREFIX + "env"
MODEL = PREFIX + "model"
RUN_KEY_HASH = PREFIX + "run_key_hash"

LINEAGE_SOURCE = PREFIX + "lineage.source"
LINEAGE_STUDY = PREFIX + "lineage.hpo_study_key_hash"
LINEAGE_TRIAL = PREFIX + "lineage.hpo_trial_key_hash"
LINEAGE_PARENT = PREFIX + "lineage.parent_training_run_id"

MLFLOW_PARENT = "mlflow.parentRunId"
MLFLOW_RUN_NAME = "mlflow.runName"
MLFLOW_RUN_TYPE = "mlflow.runType"

AZUREML_JOB = "azureml.job_id"
AZUREML_COMPUTE = "azureml.compute"
AZUREML_WORKSPACE = "azureml.workspace"
