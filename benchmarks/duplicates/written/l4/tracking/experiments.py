import logging

from mlflow.tracking import MlflowClient

from tracking.names import experiment_name

logger = logging.getLogger(__name__)


def experiment_for(segment, model, owner="credit-risk"):
    client = MlflowClient()
    name = experiment_name(segment, model)
    experiment = client.get_experiment_by_name(name)
    if experiment is not None:
        return experiment.experiment_id
    logger.info("creating %s", name)
    return client.create_experiment(name, tags={"owner": owner, "tier": "1"})


def all_experiments(prefix="risk/"):
    return MlflowClient().search_experiments(filter_string=f"name LIKE '{prefix}%'")
