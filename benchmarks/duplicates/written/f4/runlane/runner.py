"""Run a command and log it."""

import logging
import os
import re
import shlex
import subprocess
import time

from runlane import git
from runlane.project import TAG_COMMAND, TAG_COMMIT, TAG_PROJECT, TAG_USER

log = logging.getLogger(__name__)
METRIC_LINE = re.compile(r"^metric:\s*([\w./-]+)\s*=\s*([-+.\deE]+)(?:\s*@\s*(\d+))?\s*$")


class Runner:
    """Runs commands of a project."""

    def __init__(self, project):
        self.project = project
        self.client = project.client

    def _open(self, command, name):
        tags = {
            TAG_PROJECT: self.project.name,
            TAG_COMMAND: shlex.join(command),
            TAG_USER: self.project.user,
            TAG_COMMIT: git.commit(),
        }
        return self.client.create_run(self.project.experiment_id, run_name=name, tags=tags)

    def _reopen(self, run_id):
        run = self.client.get_run(run_id)
        self.client.update_run(run_id, status="RUNNING")
        self.client.set_tag(run_id, "runlane.resumed", str(int(time.time())))
        return run

    def run(self, command, name=None, resume=None):
        """Run a command; return its exit code and the id of its run."""
        run = self._reopen(resume) if resume else self._open(command, name)
        run_id = run.info.run_id
        env = {**os.environ, "MLFLOW_RUN_ID": run_id, "MLFLOW_EXPERIMENT_ID": run.info.experiment_id}
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        try:
            for line in process.stdout:
                print(line, end="")
                self._scan(run_id, line)
            code = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            self.client.set_terminated(run_id, "KILLED")
            raise
        self.client.set_terminated(run_id, "FINISHED" if code == 0 else "FAILED")
        return code, run_id

    def _scan(self, run_id, line):
        match = METRIC_LINE.match(line)
        if match:
            key, value, step = match.groups()
            self.client.log_metric(run_id, key, float(value), step=int(step or 0))

    def note_tree(self, run_id):
        """Write the state of the working tree to a run."""
        for key, value in (
            ("runlane.branch", git.branch()),
            ("runlane.dirty", str(git.is_dirty()).lower()),
            ("runlane.cwd", os.path.relpath(os.getcwd(), self.project.root)),
        ):
            self.client.set_tag(run_id, key, value)
