import sys

import mlflow


def latest_called(name, experiment):
    df = mlflow.search_runs(experiment_names=[experiment])
    df = df[df["tags.mlflow.runName"] == name].sort_values("start_time")
    return None if df.empty else df.iloc[-1]["run_id"]


def clean(experiment):
    client = mlflow.MlflowClient()
    exp = mlflow.get_experiment_by_name(experiment)
    for run in client.search_runs([exp.experiment_id], "attributes.status = 'RUNNING'"):
        client.set_terminated(run.info.run_id, "KILLED")


if __name__ == "__main__":
    experiment, *names = sys.argv[1:]
    for name in names:
        run_id = latest_called(name, experiment)
        if run_id is None:
            print(f"{name:20s} -")
            continue
        metrics = mlflow.get_run(run_id).data.metrics
        print(f"{name:20s} {metrics.get('rmse', float('nan')):.4f}")
