import matplotlib.pyplot as plt
import mlflow
import numpy as np

cl = mlflow.MlflowClient()
e = cl.get_experiment_by_name("source")
r = cl.search_runs([e.experiment_id], order_by=["attributes.start_time DESC"], max_results=1)[0]
rid = r.info.run_id
path = mlflow.artifacts.download_artifacts(run_id=rid, artifact_path="power.npy")
power = np.load(path)
fig, ax = plt.subplots(figsize=(6, 3))
ax.bar(range(len(power)), power / power.max())
ax.set_xlabel("source")
ax.set_ylabel("relative power")
fig.tight_layout()
fig.savefig("power.pdf")
