import os
import subprocess
import typing as t

from trackkit.plugins.base import Plugin


def _git(*args: str) -> t.Optional[str]:
    try:
        return subprocess.check_output(("git", *args), text=True, stderr=subprocess.DEVNULL).strip()
    except (OSError, subprocess.CalledProcessError):
        return None


class GitPlugin(Plugin):
    """Commit, branch and whether the tree is dirty."""

    name = "git"

    def tags(self):
        commit = _git("rev-parse", "HEAD")
        if commit is None:
            return {}
        return {
            "git.commit": commit,
            "git.branch": os.environ.get("CI_COMMIT_BRANCH") or _git("rev-parse", "--abbrev-ref", "HEAD") or "",
            "git.dirty": str(bool(_git("status", "--porcelain"))).lower(),
        }


class KubernetesPlugin(Plugin):
    name = "kubernetes"

    def tags(self):
        env = os.environ
        if "KUBERNETES_SERVICE_HOST" not in env:
            return {}
        return {
            "k8s.pod": env.get("HOSTNAME", ""),
            "k8s.namespace": env.get("POD_NAMESPACE", ""),
            "k8s.node": env.get("NODE_NAME", ""),
        }
