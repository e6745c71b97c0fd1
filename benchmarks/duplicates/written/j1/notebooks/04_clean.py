# %%
# remove what went wrong
from mlflow.tracking import MlflowClient

cl = MlflowClient()
ex = cl.get_experiment_by_name("pv-thesis")
if ex is None:
    raise SystemExit("nothing to clean")

# %%
for r in cl.search_runs([ex.experiment_id], "attributes.status = 'FAILED'"):
    print("delete", r.info.run_id)
    cl.delete_run(r.info.run_id)
