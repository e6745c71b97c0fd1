"""Plain text overview of the week, sent on Mondays."""
import datetime as dt
import subprocess

from mlflow import MlflowClient

client = MlflowClient("http://mlflow.ctr.svc:5000")


def champions_line(vertical):
    runs = client.search_runs(
        [client.get_experiment_by_name("ctr/train").experiment_id],
        f"tags.vertical = '{vertical}' and tags.role = 'challenger' and attributes.status = 'FINISHED'",
    )
    runs = sorted(
        (r for r in runs if "auc" in r.data.metrics),
        key=lambda r: r.data.metrics["auc"],
        reverse=True,
    )
    if not runs:
        return f"{vertical:10s} -"
    return f"{vertical:10s} best challenger {runs[0].info.run_id[:8]} auc={runs[0].data.metrics['auc']:.4f}"


def drift_lines():
    exp = client.get_experiment_by_name("ctr/drift")
    since = (dt.datetime.now() - dt.timedelta(days=7)).timestamp() * 1000
    for r in client.search_runs([exp.experiment_id], f"attributes.start_time > {since:.0f}", max_results=500):
        tags = r.data.tags
        start, end = [dt.date.fromisoformat(p) for p in tags["window"].split("/")]
        yield f"{tags['model']:14s} {start:%d.%m.}-{end:%d.%m.} psi={r.data.metrics.get('psi', float('nan')):.3f}"


if __name__ == "__main__":
    body = "\n".join([champions_line(v) for v in ("retail", "travel", "games", "finance")] + list(drift_lines()))
    subprocess.run(["mail", "-s", "ctr weekly", "ctr-squad@ads.example"], input=body.encode(), check=True)
