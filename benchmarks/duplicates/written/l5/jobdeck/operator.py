import kopf
import kubernetes

from jobdeck import store
from jobdeck.template import render


@kopf.on.startup()
def setup(settings, **_):
    settings.posting.level = 30
    kubernetes.config.load_incluster_config()


@kopf.on.create("jobdeck.io", "v1", "trainings")
def created(name, namespace, spec, patch, logger, **_):
    run_id = store.create_job_run(namespace, name, spec["image"])
    body = render(name=name, namespace=namespace, run_id=run_id, image=spec["image"],
                  command=spec.get("command", ["python", "train.py"]))
    kopf.adopt(body)
    kubernetes.client.BatchV1Api().create_namespaced_job(namespace, body)
    patch.status["runId"] = run_id
    logger.info("started %s as %s", name, run_id)


@kopf.on.event("batch", "v1", "jobs", labels={"jobdeck.io/run-id": kopf.PRESENT})
def changed(labels, status, **_):
    rid = labels["jobdeck.io/run-id"]
    if status.get("succeeded"):
        store.finish(rid, True)
    elif status.get("failed"):
        store.finish(rid, False)
