"""Removes runs of dates that are no business days, left by an old bug."""

from mlflow.tracking import MlflowClient

from tideline.dates import is_business_day
from tideline.tracking.repository import as_of
from tideline.tracking.service import TrackingService


def main() -> None:
    service = TrackingService("tideline")
    client = MlflowClient()
    for strategy in ("momentum", "risk-parity"):
        for run in list(service.runs.every(strategy)):
            day = as_of(run)
            if day is not None and not is_business_day(day):
                client.delete_run(run.info.run_id)


if __name__ == "__main__":
    main()
