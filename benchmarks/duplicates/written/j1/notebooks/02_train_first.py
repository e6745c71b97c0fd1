# %%
import mlflow
from sklearn.linear_model import LinearRegression

from data import load_site, make_xy, split
from helpers import rmse

# %%
NAME = "pv-thesis"
names = [e.name for e in mlflow.search_experiments()]
if NAME not in names:
    mlflow.create_experiment(NAME)
eid = mlflow.get_experiment_by_name(NAME).experiment_id

# %%
tr, va, te = split(*make_xy(load_site("north"), [1, 2]))
lin = LinearRegression().fit(*tr)
print(rmse(va[1], lin.predict(va[0])))

# %%
with mlflow.start_run(experiment_id=eid, run_name="first try"):
    mlflow.log_metric("val_rmse", rmse(va[1], lin.predict(va[0])))
