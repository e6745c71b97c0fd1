# Keras logger from 0.3, superseded by callback.ShelfCallback
import logging
import time

import mlflow
from mlflow.tracking import MlflowClient

from mlflow_shelf.legacy.shelf_utils import env_tags, find_by_name, get_or_create_shelf

logger = logging.getLogger(__name__)

try:
    from keras.callbacks import Callback
except ImportError:
    Callback = object


class KerasShelfLogger(Callback):
    def __init__(self, name, shelf='shelf', slot=None):
        super(KerasShelfLogger, self).__init__()
        self.name = name
        self.shelf = shelf
        self.slot = slot
        self.client = MlflowClient()
        self.run_id = None
        self.history = []

    def on_train_begin(self, logs=None):
        old = find_by_name(self.name, self.shelf)
        run = self.client.create_run(get_or_create_shelf(self.shelf))
        self.run_id = run.info.run_id
        self.client.set_tag(self.run_id, 'mlflow.runName', self.name)
        if old is not None:
            self.client.set_tag(self.run_id, 'keras.previous', old.info.run_id)
        for k, v in env_tags().items():
            self.client.set_tag(self.run_id, k, v)

    def on_epoch_end(self, epoch, logs=None):
        now = int(time.time() * 1000)
        for k, v in (logs or {}).items():
            self.client.log_metric(self.run_id, k, float(v), now, epoch)
        self.history.append((epoch, dict(logs or {})))

    def on_train_end(self, logs=None):
        self.client.set_terminated(self.run_id)
        if self.slot is not None:
            self.client.set_tag(self.run_id, 'shelf.slot', self.slot)
            self.client.set_tag(self.run_id, 'keras.epochs', str(len(self.history)))
            self.client.set_tag(self.run_id, 'keras.logger', '0.3')


def running_on(shelf, host):
    """Newest RUNNING run which was started on a host."""
    client = MlflowClient()
    eid = get_or_create_shelf(shelf)
    runs = client.search_runs([eid], "tags.`shelf.host` = '%s' and attributes.status = 'RUNNING'" % host,
                              order_by=['attributes.start_time DESC'], max_results=1)
    return runs[0] if runs else None


def kill_zombies(shelf, host):
    client = MlflowClient()
    eid = get_or_create_shelf(shelf)
    for r in client.search_runs([eid], "attributes.status = 'RUNNING'"):
        if r.data.tags.get('shelf.host') == host:
            logger.info('killing %s', r.info.run_id)
            client.set_terminated(r.info.run_id, 'KILLED')
