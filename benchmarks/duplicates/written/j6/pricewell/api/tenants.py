"""Onboarding of shops."""
import mlflow
from fastapi import APIRouter, BackgroundTasks
from pydantic import BaseModel

from pricewell.config import config
from pricewell.services.runs import slug
from pricewell.worker.train import train_product

router = APIRouter(prefix="/tenants")


class NewTenant(BaseModel):
    name: str
    products: list[str] = []
    plan: str = "free"


def _experiment(name, plan):
    client = mlflow.MlflowClient()
    exp_name = "pw/" + config.env + "/" + slug(name)
    exp = client.get_experiment_by_name(exp_name)
    if exp is not None:
        if exp.lifecycle_stage != "active":
            client.restore_experiment(exp.experiment_id)
        exp_id = exp.experiment_id
    else:
        exp_id = client.create_experiment(exp_name)
    client.set_experiment_tag(exp_id, "plan", plan)
    return exp_id


@router.post("", status_code=201)
def onboard(body: NewTenant, tasks: BackgroundTasks):
    exp_id = _experiment(body.name, body.plan)
    limit = 3 if body.plan == "free" else 100
    for product in body.products[:limit]:
        tasks.add_task(train_product.delay, body.name, product, "first")
    return {"experiment_id": exp_id, "queued": min(limit, len(body.products))}


@router.delete("/{name}")
def offboard(name: str):
    client = mlflow.MlflowClient()
    exp = client.get_experiment_by_name(f"pw/{config.env}/{slug(name)}")
    if exp is None:
        return {"deleted": False}
    client.delete_experiment(exp.experiment_id)
    return {"deleted": True}
