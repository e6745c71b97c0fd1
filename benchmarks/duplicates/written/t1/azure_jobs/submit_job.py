"""Submit training jobs to Azure ML."""
import logging
import os

from azure.ai.ml import MLClient, command
from azure.identity import DefaultAzureCredential
from mlflow import MlflowClient

logger = logging.getLogger("submit")

COMPUTE = {"small": "cpu-d4", "large": "cpu-e32"}


def workspace():
    return MLClient(
        DefaultAzureCredential(),
        os.environ["AZ_SUBSCRIPTION"],
        os.environ["AZ_RESOURCE_GROUP"],
        os.environ["AZ_WORKSPACE"],
    )


def _experiment_id(client: MlflowClient, name: str) -> str:
    found = client.get_experiment_by_name(name)
    if not found:
        exp_id = client.create_experiment(name)
        logger.info("new experiment %s = %s", name, exp_id)
    else:
        exp_id = found.experiment_id
        if found.lifecycle_stage == "deleted":
            client.restore_experiment(exp_id)
    return exp_id


def submit(script, args, experiment, size="small", env="pricing-env@latest", wait=False, extra_env=None):
    client = MlflowClient()
    exp_id = _experiment_id(client, experiment)
    job = command(
        code="./",
        command=f"python -m azure_jobs.job_entry {script} {' '.join(args)}",
        environment=env,
        compute=COMPUTE[size],
        experiment_name=experiment,
        environment_variables={"TRACK_EXPERIMENT_ID": exp_id, **(extra_env or {})},
    )
    ws = workspace()
    created = ws.jobs.create_or_update(job)
    logger.info("job %s: %s", created.name, created.studio_url)
    if wait:
        ws.jobs.stream(created.name)
    return created.name


def cancel_stale(experiment, hours=24):
    """Kill runs which hang in RUNNING since yesterday."""
    import time

    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment)
    if exp is None:
        return 0
    limit = (time.time() - hours * 3600) * 1000
    n = 0
    for run in client.search_runs([exp.experiment_id], "attributes.status = 'RUNNING'"):
        if run.info.start_time < limit:
            client.set_terminated(run.info.run_id, status="KILLED")
            n += 1
    return n
