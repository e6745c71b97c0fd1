# %% [markdown]
# # Best configuration
# Exported from the notebook; run the cells from top to bottom.

# %%
import mlflow
from mlflow.tracking import MlflowClient

HPO_EXPERIMENT = "resume_ner-hpo-distilbert"
STUDY = "4f6a9d0e"
TRIAL = "b1c07e52"
client = MlflowClient()

# %%
exp = client.get_experiment_by_name(HPO_EXPERIMENT)
assert exp is not None, "run the sweep first"

# %%
# The run of the selected trial
runs = client.search_runs(
    [exp.experiment_id],
    filter_string=f"tags.`code.study_key_hash` = '{STUDY}' AND tags.`code.trial_key_hash` = '{TRIAL}' AND attributes.status = 'FINISHED'",
    order_by=["attributes.start_time DESC"],
)
if not runs:
    raise ValueError("the trial has no finished run")
trial_run = runs[0]

# %%
refit_run = client.create_run(
    exp.experiment_id,
    tags={
        "mlflow.parentRunId": trial_run.info.run_id,
        "mlflow.runName": "refit-by-hand",
        "code.study_key_hash": STUDY,
        "code.trial_key_hash": TRIAL,
    },
)
client.set_terminated(refit_run.info.run_id)

# %%
df = mlflow.search_runs([exp.experiment_id], max_results=500)
print(df.filter(like="metrics.").describe())
