"""gRPC server."""
import logging
import os
import uuid
from concurrent import futures

import grpc
import mlflow
from google.protobuf import timestamp_pb2
from mlflow.tracking import MlflowClient

from adrank.platform.mlclient import ExperimentNotFound, RunNotFound, TrackingGateway
from adrank.rpc import model_service_pb2 as pb
from adrank.rpc import model_service_pb2_grpc as pb_grpc
from adrank.tasks.train import train

logger = logging.getLogger(__name__)


class ModelServiceServicer(pb_grpc.ModelServiceServicer):
    """Implementation of the ModelService service."""

    def __init__(self, gateway=None):
        self.gateway = gateway or TrackingGateway()
        self.client = MlflowClient()

    def _to_proto(self, run):
        started = timestamp_pb2.Timestamp()
        started.FromMilliseconds(run.info.start_time)
        return pb.ModelRun(run_id=run.info.run_id, status=run.info.status, started=started, metrics=run.data.metrics)

    def SubmitTraining(self, request, context):
        """Submits a training request."""
        request_id = request.request_id or uuid.uuid4().hex
        experiment_id = self.gateway.get_or_create_experiment(request.tenant, request.kind)
        run = self.client.create_run(
            experiment_id,
            tags={
                "mlflow.runName": "%s-%s" % (request.kind, request_id[:8]),
                "ad.tenant": request.tenant,
                "ad.kind": request.kind,
                "ad.request_id": request_id,
                "ad.state": "training",
            },
        )
        train.delay({"tenant": request.tenant, "kind": request.kind}, request_id)
        return pb.SubmitTrainingResponse(request_id=request_id, run_id=run.info.run_id)

    def GetTraining(self, request, context):
        """Gets the state of a training request."""
        try:
            experiment_id = self.gateway.require_experiment(request.tenant, request.kind)
            run = self.gateway.run_by_request(experiment_id, request.request_id)
        except (ExperimentNotFound, RunNotFound) as exc:
            context.abort(grpc.StatusCode.NOT_FOUND, str(exc))
        return self._to_proto(run)

    def GetLiveModel(self, request, context):
        """Gets the live model of an arm."""
        experiment = self.client.get_experiment_by_name(f"adrank.{request.tenant}.{request.kind}")
        if experiment is None:
            context.abort(grpc.StatusCode.NOT_FOUND, "unknown tenant")
        newest = None
        for run in self.client.search_runs([experiment.experiment_id], "tags.`ad.state` = 'live'"):
            if run.data.tags.get("ad.arm") != (request.arm or "a"):
                continue
            if newest is None or run.info.start_time > newest.info.start_time:
                newest = run
        if newest is None:
            context.abort(grpc.StatusCode.NOT_FOUND, "nothing live")
        return self._to_proto(newest)

    def GetVersion(self, request, context):
        """Gets the run of a registered version."""
        version = self.client.get_model_version(f"{request.tenant}-{request.kind}", request.version)
        return self._to_proto(self.client.get_run(version.run_id))

    def ListRuns(self, request, context):
        """Lists runs."""
        page = self.client.search_runs(
            [self.gateway.require_experiment(request.tenant, request.kind)],
            max_results=request.page_size or 50,
            page_token=request.page_token or None,
            order_by=["attributes.start_time DESC"],
        )
        return pb.ListRunsResponse(runs=[self._to_proto(r) for r in page], next_page_token=page.token or "")


def serve():
    mlflow.set_tracking_uri(os.environ["MLFLOW_TRACKING_URI"])
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
    pb_grpc.add_ModelServiceServicer_to_server(ModelServiceServicer(), server)
    server.add_insecure_port("[::]:50051")
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    serve()
