# %% [markdown]
# # Compare the models (chapter 5)

# %%
import matplotlib.pyplot as plt
import mlflow
import pandas as pd

mlflow.set_experiment("pv-thesis")
MODELS = ["persistence", "ridge", "rf", "gbm", "mlp"]

# %%
all_runs = mlflow.search_runs()
all_runs = all_runs[all_runs.status == "FINISHED"]
print(all_runs.groupby("tags.model")["metrics.val_rmse"].agg(["min", "mean", "count"]))

# %%
# the newest run of every model
rows = []
for mdl in MODELS:
    r = mlflow.search_runs(filter_string="tags.model = '" + mdl + "' and status = 'FINISHED'",
                           order_by=["attribute.start_time DESC"], max_results=1)
    if r.empty:
        continue
    row = r.iloc[0]
    rows.append((mdl, row["tags.site"], row["metrics.val_rmse"], row["metrics.test_rmse"]))
tab = pd.DataFrame(rows, columns=["model", "site", "val", "test"])
print(tab.to_latex(index=False, float_format="%.2f"))

# %%
# the best run of every model
best = {}
for mdl in MODELS:
    r = mlflow.search_runs(filter_string=f"tags.model = '{mdl}'")
    r = r.dropna(subset=["metrics.val_rmse"]).sort_values("metrics.val_rmse")
    if len(r):
        best[mdl] = r.iloc[0].run_id
print(best)

# %%
plt.bar(tab["model"], tab["test"])
plt.ylabel("test RMSE in kW")
plt.savefig("chapter5.png")
