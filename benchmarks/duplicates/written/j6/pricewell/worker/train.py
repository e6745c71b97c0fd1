"""Trains one product of one tenant."""
import logging

from pricewell.pricing import NotEnoughData, demo_sales, fit_curve, mape
from pricewell.services.runs import clean_tags, client, run_for_job
from pricewell.worker.celery_app import app

logger = logging.getLogger(__name__)


@app.task(bind=True, max_retries=3)
def train_product(self, tenant, product, day):
    key = f"train:{tenant}:{product}:{day}"
    run = run_for_job(tenant, key, clean_tags({"product": product, "day": day, "kind": "train", "tenant": tenant}))
    c = client()
    if run.info.status == "FINISHED":
        logger.info("%s was done before", key)
        return run.info.run_id
    sales = demo_sales(product)
    try:
        curve = fit_curve(sales[:45])
    except NotEnoughData as err:
        c.set_tag(run.info.run_id, "pw.error", str(err))
        c.set_terminated(run.info.run_id, "FAILED")
        return None
    except Exception as err:
        raise self.retry(exc=err)
    c.log_metric(run.info.run_id, "a", curve.a)
    c.log_metric(run.info.run_id, "b", curve.b)
    c.log_metric(run.info.run_id, "mape", mape(curve, sales[45:]))
    c.set_terminated(run.info.run_id)
    return run.info.run_id
