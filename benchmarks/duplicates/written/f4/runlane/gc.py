"""Delete what nobody needs."""

import time

from mlflow.entities import ViewType


def candidates(project, days, keep_tag="runlane.keep"):
    """Yield old runs that nobody promoted or wants to keep."""
    before = int((time.time() - days * 86400) * 1000)
    token = None
    while True:
        page = project.client.search_runs(
            [project.experiment_id],
            filter_string=f"attributes.start_time < {before}",
            run_view_type=ViewType.ACTIVE_ONLY,
            page_token=token,
        )
        for run in page:
            tags = run.data.tags
            if tags.get("runlane.promoted") != "true" and keep_tag not in tags:
                yield run
        token = page.token
        if not token:
            break


def collect(project, days, dry_run=False):
    """Delete candidates and return their ids."""
    ids = [run.info.run_id for run in candidates(project, days)]
    if not dry_run:
        for run_id in ids:
            project.client.delete_run(run_id)
    return ids


def end_zombies(project, hours=24):
    """End runs that say they run but are too old."""
    limit = (time.time() - hours * 3600) * 1000
    for run in project.client.search_runs([project.experiment_id], "attributes.status = 'RUNNING'"):
        if run.info.start_time < limit:
            project.client.set_terminated(run.info.run_id, status="KILLED")
            yield run.info.run_id
