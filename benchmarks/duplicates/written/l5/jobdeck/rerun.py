import argparse

import kubernetes
from mlflow import MlflowClient

from jobdeck import const
from jobdeck.store import ensure_experiment
from jobdeck.template import render


def main():
    p = argparse.ArgumentParser(description="start a failed job again")
    p.add_argument("namespace")
    p.add_argument("job")
    p.add_argument("--image")
    a = p.parse_args()
    kubernetes.config.load_kube_config()
    client = MlflowClient()
    exp = ensure_experiment(client, a.namespace)

    old = None
    for r in client.search_runs(experiment_ids=[exp], filter_string=f"tags.`{const.JOB}` = '{a.job}'"):
        if old is None or r.info.start_time > old.info.start_time:
            old = r
    if old is None:
        p.error("no such job: " + a.job)
    if old.info.status in ("RUNNING", "SCHEDULED"):
        p.error("still running")
    attempt = int(old.data.tags.get(const.ATTEMPT, 0)) + 1
    image = a.image or old.data.tags[const.IMAGE]
    info = client.create_run(
        experiment_id=exp,
        run_name="{}-{}".format(a.job, attempt),
        tags={
            const.JOB: a.job,
            const.NAMESPACE: a.namespace,
            const.ATTEMPT: str(attempt),
            const.IMAGE: image,
        },
    ).info
    body = render(name=f"{a.job}-r{attempt}", namespace=a.namespace, run_id=info.run_id,
                  image=image, command=["python", "train.py", "--resume"])
    kubernetes.client.BatchV1Api().create_namespaced_job(a.namespace, body)
    print(info.run_id)


if __name__ == "__main__":
    main()
