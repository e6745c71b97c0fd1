"""Tags that the service and its portal know."""

import getpass
import re
from dataclasses import dataclass


class NimbusTags:
    """Tag names."""

    WORKSPACE = "nimbus.workspace"
    JOB = "nimbus.job"
    COMPUTE = "nimbus.compute"
    COST_CENTRE = "nimbus.costCentre"
    SUBMITTER = "nimbus.submittedBy"
    KIND = "nimbus.kind"
    PRIMARY_METRIC = "nimbus.primaryMetric"
    GOAL = "nimbus.goal"
    PRICE = "nimbus.price"
    STEP = "nimbus.step"
    ENDPOINT = "nimbus.endpoint"


PARENT_RUN_ID = "mlflow.parentRunId"


def job_tags(workspace, job_name, compute):
    """Tags of the run of a job, by which the portal finds and bills it."""
    return {
        NimbusTags.WORKSPACE: workspace.name,
        NimbusTags.JOB: job_name,
        NimbusTags.COMPUTE: compute,
        NimbusTags.COST_CENTRE: workspace.cost_centre or "none",
        NimbusTags.SUBMITTER: workspace.user or getpass.getuser(),
    }


@dataclass(frozen=True)
class Price:
    """What a node costs."""

    amount: float
    currency: str
    unit: str

    PATTERN = re.compile(r"([\d.]+) ([A-Z]{3})/(h|min)")

    @classmethod
    def of(cls, run):
        """Price of the compute of a run, or None."""
        match = cls.PATTERN.fullmatch(run.data.tags.get(NimbusTags.PRICE, ""))
        if match is None:
            return None
        amount, currency, unit = match.groups()
        return cls(float(amount), currency, unit)

    def per_hour(self):
        return self.amount * (60 if self.unit == "min" else 1)
