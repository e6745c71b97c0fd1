"""Celery application."""
import os

from celery import Celery
from celery.schedules import crontab

app = Celery("adrank", broker=os.getenv("BROKER", "amqp://mq"), backend=os.getenv("RESULTS", "redis://results"))
app.conf.task_acks_late = True
app.conf.task_reject_on_worker_lost = True
app.conf.worker_prefetch_multiplier = 1
app.conf.beat_schedule = {
    "sweep": {"task": "adrank.tasks.maintenance.sweep", "schedule": crontab(minute=0, hour="*/6")},
    "health": {"task": "adrank.tasks.maintenance.tenant_health", "schedule": crontab(minute=15)},
}
