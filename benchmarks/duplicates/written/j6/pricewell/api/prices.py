"""Price hints."""
from functools import lru_cache
from typing import Optional

import mlflow
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

from pricewell.pricing import Curve, best_price
from pricewell.services.runs import experiment_name

router = APIRouter(prefix="/prices")


class PriceRequest(BaseModel):
    tenant: str
    product: str
    cost: float = 0.0
    low: float = 1.0
    high: float = 100.0


class PriceReply(BaseModel):
    price: float
    revenue: float
    run_id: str
    trained_on: Optional[str] = None


def serving_run(tenant, product):
    df = mlflow.search_runs(
        experiment_names=[experiment_name(tenant)],
        filter_string=f"tags.`pw.product` = '{product}' and status = 'FINISHED'",
        order_by=["start_time DESC"],
        max_results=1,
    )
    if df.empty:
        raise HTTPException(404, "no model for this product yet")
    return mlflow.get_run(df.loc[0].run_id)


@lru_cache(maxsize=256)
def curve_of(run_id):
    m = mlflow.get_run(run_id).data.metrics
    return Curve(m["a"], m["b"])


@router.post("/hint", response_model=PriceReply)
def hint(req: PriceRequest):
    if req.low >= req.high:
        raise HTTPException(422, "low must be below high")
    run = serving_run(req.tenant, req.product)
    price, revenue = best_price(curve_of(run.info.run_id), req.cost, req.low, req.high)
    day = run.data.tags.get("pw.day")
    return PriceReply(price=price, revenue=revenue, run_id=run.info.run_id, trained_on=day)


@router.get("/{tenant}/history")
def history(tenant: str, limit: int = 50):
    runs = mlflow.search_runs(experiment_names=[experiment_name(tenant)], max_results=min(limit, 200), output_format="list")
    return [{"id": r.info.run_id, "status": r.info.status, **r.data.metrics} for r in runs]
