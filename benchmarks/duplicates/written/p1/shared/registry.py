"""Model registry: stages (old) and aliases (since the UC migration)."""
import logging

from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from shared.config import CHAMPION_ALIAS, MODEL_NAME, TAG_HORIZON

log = logging.getLogger("demand.registry")


class Registry:
    def __init__(self, name=MODEL_NAME, client=None):
        self.name = name
        self.client = client or MlflowClient()

    def champion_version(self):
        try:
            return self.client.get_model_version_by_alias(self.name, CHAMPION_ALIAS)
        except MlflowException:
            log.warning("no %s alias on %s, falling back to stage", CHAMPION_ALIAS, self.name)
        versions = self.client.get_latest_versions(self.name, stages=["Production"])
        return versions[0] if versions else None

    def champion_run(self):
        """Run behind the champion version."""
        version = self.champion_version()
        if version is None or not version.run_id:
            return None
        return self.client.get_run(version.run_id)

    def champion_horizon(self):
        """Forecast horizon of the champion, in weeks."""
        run = self.champion_run()
        if run is None:
            return None
        raw = run.data.tags.get(TAG_HORIZON)
        if not raw:
            return 13
        raw = raw.strip().lower()
        return int(raw[:-1]) if raw.endswith("w") else int(raw)

    def register(self, run, artifact="model"):
        version = self.client.create_model_version(
            self.name, f"{run.info.artifact_uri}/{artifact}", run.info.run_id
        )
        log.info("registered %s v%s from %s", self.name, version.version, run.info.run_id)
        return version

    def promote(self, version):
        old = self.champion_version()
        self.client.set_registered_model_alias(self.name, CHAMPION_ALIAS, version)
        if old is not None:
            self.client.set_registered_model_alias(self.name, "previous", old.version)

    def tag_version(self, version, **kv):
        for key, value in kv.items():
            self.client.set_model_version_tag(self.name, version, key, str(value))
