from celery import Celery
from celery.schedules import crontab

from pricewell.config import config

app = Celery("pricewell", broker=config.broker, include=["pricewell.worker.train", "pricewell.worker.refit", "pricewell.worker.cleanup"])
app.conf.task_acks_late = True
app.conf.task_default_retry_delay = 30
app.conf.beat_schedule = {
    "cleanup": {"task": "pricewell.worker.cleanup.cleanup_all", "schedule": crontab(hour=3, minute=15)},
    "close-stale": {"task": "pricewell.worker.cleanup.close_stale", "schedule": crontab(minute="*/30")},
}
