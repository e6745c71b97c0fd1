# %% [markdown]
# Throw away what nobody needs. Run cell by cell!

# %%
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

client = MlflowClient()
exp = client.get_experiment_by_name("solubility")

# %%
broken = [
    run
    for run in client.search_runs([exp.experiment_id], run_view_type=ViewType.ACTIVE_ONLY, max_results=5000)
    if "val_r2" not in run.data.metrics
]
print(len(broken))

# %%
for run in broken:
    if run.info.status != "RUNNING":
        client.delete_run(run.info.run_id)

# %%
# give the runs of the paper an alias so that they are kept
for alias, run_id in {"table2-linear": "0f3c", "table2-forest": "91aa"}.items():
    client.set_tag(run_id, "alias", alias)

# %%
client.set_tag("0f3c", "paper.title", "Solubility from composition")
client.set_tag("0f3c", "paper.venue", "workshop")
client.set_tag("0f3c", "paper.year", "2024")
