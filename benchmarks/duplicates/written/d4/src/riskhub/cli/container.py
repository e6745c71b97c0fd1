from __future__ import annotations

from functools import cached_property

from mlflow.tracking import MlflowClient

from riskhub.adapters.mlflow_store import MlflowRunStore
from riskhub.adapters.warehouse import SqlWarehouse
from riskhub.core.settings import Settings, settings
from riskhub.services.approval import ApprovalService
from riskhub.services.locator import RunLocator
from riskhub.services.monitoring import Monitoring
from riskhub.services.training import TrainingService


class Container:
    def __init__(self, conf: Settings | None = None):
        self.conf = conf or settings()

    @cached_property
    def client(self) -> MlflowClient:
        return MlflowClient(tracking_uri=self.conf.tracking.uri)

    @cached_property
    def store(self) -> MlflowRunStore:
        return MlflowRunStore(self.client, self.conf.tracking)

    @cached_property
    def training(self) -> TrainingService:
        return TrainingService(self.store, SqlWarehouse(self.conf.warehouse), self.client, self.conf)

    @cached_property
    def approval(self) -> ApprovalService:
        return ApprovalService(self.client, self.store)

    @cached_property
    def monitoring(self) -> Monitoring:
        return Monitoring(self.conf)

    @cached_property
    def locate(self) -> RunLocator:
        return RunLocator(self.client, self.store)
