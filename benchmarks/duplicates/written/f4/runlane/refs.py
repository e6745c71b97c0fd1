"""What a user may type to mean a run."""

import re

from runlane.errors import UnknownRun

RUN_ID = re.compile(r"[0-9a-f]{32}")


def resolve(project, text):
    """Return the run that is meant by an id or a name."""
    client = project.client
    if RUN_ID.fullmatch(text):
        return client.get_run(text)
    named = client.search_runs(
        [project.experiment_id],
        filter_string=f"attributes.run_name = '{text}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not named:
        raise UnknownRun(f"no run is called {text!r}")
    return named[0]


def last(project, offset=0):
    """Return the run that was started last, or some before it."""
    runs = project.client.search_runs(
        [project.experiment_id], order_by=["attributes.start_time DESC"], max_results=offset + 1
    )
    if len(runs) <= offset:
        raise UnknownRun("there are not that many runs")
    return runs[offset]


def parse(project, text):
    """Return the run for `@`, `@~2`, an id or a name."""
    match = re.fullmatch(r"@(?:~(\d+))?", text)
    if match:
        return last(project, int(match.group(1) or 0))
    return resolve(project, text)
