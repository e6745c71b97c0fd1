"""Jobs as parent runs."""

import logging
import time

from nimbusml.conventions import PARENT_RUN_ID, NimbusTags, Price, job_tags
from nimbusml.exceptions import JobFailed, NotFound
from nimbusml.polling import Poller

_LOG = logging.getLogger(__name__)
FINAL = ("Completed", "Failed", "Canceled")


class JobRun:
    """A job and its run."""

    def __init__(self, workspace, run_id):
        self.workspace = workspace
        self.run_id = run_id

    @property
    def run(self):
        return self.workspace.client.get_run(self.run_id)

    @property
    def name(self):
        return self.run.data.tags[NimbusTags.JOB]

    def status(self):
        return self.workspace.rest.call("GET", f"jobs/{self.name}")["status"]

    def wait(self, timeout=3600.0):
        """Wait until the job is over; raise when it did not go well."""
        status = Poller(self.status, FINAL, timeout=timeout).result()
        if status != "Completed":
            raise JobFailed(self.name, status)
        return self

    def children(self):
        """All trials or steps of the job."""
        return self.workspace.client.search_runs(
            [self.run.info.experiment_id], f"tags.`{PARENT_RUN_ID}` = '{self.run_id}'"
        )

    def best_child(self):
        """The finished child with the best primary metric."""
        run = self.run
        metric = run.data.tags[NimbusTags.PRIMARY_METRIC]
        order = "ASC" if run.data.tags.get(NimbusTags.GOAL) == "minimize" else "DESC"
        best = self.workspace.client.search_runs(
            [run.info.experiment_id],
            f"tags.`{PARENT_RUN_ID}` = '{self.run_id}' and attributes.status = 'FINISHED'",
            order_by=[f"metrics.`{metric}` {order}"],
            max_results=1,
        )
        if not best:
            raise NotFound(f"no finished child of {self.run_id}")
        return best[0]

    def cost(self):
        """What the job has cost so far."""
        total = 0.0
        for child in self.children():
            price = Price.of(child)
            if price is not None:
                end = child.info.end_time or time.time() * 1000
                total += price.per_hour() * (end - child.info.start_time) / 3.6e6
        return total

    def cancel(self):
        """Stop the job and end what still runs."""
        self.workspace.rest.call("POST", f"jobs/{self.name}/cancel")
        client = self.workspace.client
        for child in self.children():
            if child.info.status in ("RUNNING", "SCHEDULED"):
                client.set_terminated(child.info.run_id, "KILLED")
        client.set_terminated(self.run_id, "KILLED")


def submit(workspace, command, compute, experiment="default", name=None):
    """Send a command to the service and return its job."""
    name = name or f"job-{int(time.time())}"
    run = workspace.client.create_run(
        workspace.experiment_id(experiment),
        run_name=name,
        tags={**job_tags(workspace, name, compute), NimbusTags.KIND: "command"},
    )
    workspace.rest.call(
        "PUT", f"jobs/{name}", json={"command": command, "compute": compute, "run": run.info.run_id}
    )
    _LOG.info("job %s is run %s", name, run.info.run_id)
    return JobRun(workspace, run.info.run_id)


def find(workspace, job_name, experiment="default"):
    """Return the job of that name."""
    exp = workspace.existing_experiment(experiment)
    hits = workspace.client.search_runs(
        [exp.experiment_id], f"tags.`{NimbusTags.JOB}` = '{job_name}'", max_results=1
    )
    if not hits:
        raise NotFound(job_name)
    return JobRun(workspace, hits[0].info.run_id)
