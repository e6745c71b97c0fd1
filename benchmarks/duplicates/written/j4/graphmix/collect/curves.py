"""Figure 3: loss curves."""
import matplotlib.pyplot as plt
from mlflow.tracking import MlflowClient

client = MlflowClient()


def parse_overrides(run):
    out = {}
    for item in run.data.tags.get("hydra.overrides", "").split():
        key, _, value = item.partition("=")
        out[key.lstrip("+")] = value
    return out


def run_for(**params):
    exp = client.get_experiment_by_name("graphmix")
    parts = ["params.%s = '%s'" % kv for kv in sorted(params.items())]
    parts.append("attributes.status = 'FINISHED'")
    runs = client.search_runs([exp.experiment_id], " and ".join(parts), order_by=["attributes.start_time DESC"])
    if runs:
        return runs[0]
    raise KeyError(params)


def draw(dataset="cora", seed=0):
    for method in ("sgc", "mix"):
        run = run_for(method=method, dataset=dataset, seed=seed)
        hist = client.get_metric_history(run.info.run_id, "loss")
        label = method + " lr=" + parse_overrides(run).get("lr", "default")
        plt.plot([m.step for m in hist], [m.value for m in hist], label=label)
    plt.legend()
    plt.xlabel("epoch")
    plt.savefig(f"loss_{dataset}.pdf")


if __name__ == "__main__":
    draw()
