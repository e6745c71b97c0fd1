"""All talks with MLflow should be here."""
import time

from mlflow.tracking import MlflowClient

from jobdeck.const import ATTEMPT, BEAT, IMAGE, JOB, NAMESPACE
from jobdeck.retry import backoff


@backoff()
def ensure_experiment(client, namespace):
    name = f"jobs/{namespace}"
    exp = client.get_experiment_by_name(name)
    if exp is None:
        return client.create_experiment(name)
    if exp.lifecycle_stage == "deleted":
        client.restore_experiment(exp.experiment_id)
    return exp.experiment_id


@backoff()
def create_job_run(namespace, job, image, attempt=0):
    """Make the run of a job. It stays RUNNING until the pod or the janitor ends it."""
    client = MlflowClient()
    run = client.create_run(
        ensure_experiment(client, namespace),
        run_name=f"{job}-{attempt}",
        tags={JOB: job, NAMESPACE: namespace, IMAGE: image, ATTEMPT: str(attempt)},
    )
    return run.info.run_id


@backoff(tries=3)
def beat(run_id):
    MlflowClient().set_tag(run_id, BEAT, str(int(time.time())))


@backoff()
def running(namespace):
    client = MlflowClient()
    return client.search_runs([ensure_experiment(client, namespace)], "attributes.status = 'RUNNING'", max_results=1000)


@backoff()
def finish(run_id, ok):
    MlflowClient().set_terminated(run_id, "FINISHED" if ok else "FAILED")
