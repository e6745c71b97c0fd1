"""Re-classifies the archive. Reads ids from redis, writes labels back."""
import json
import logging
import sys

import joblib
import mlflow
import redis
from mlflow.entities import RunTag
from mlflow.tracking import MlflowClient

from app.config import config
from app.ml.text import clean, shards

logger = logging.getLogger(__name__)


class ArchiveJob:
    def __init__(self):
        self.client = MlflowClient(tracking_uri=config.mlflow_uri)
        self.redis = redis.Redis.from_url(config.redis_url)

    def pick_model(self):
        exp = self.client.get_experiment_by_name(config.train_experiment)
        runs = self.client.search_runs(
            [exp.experiment_id], "params.dataset = '{}'".format(config.dataset), max_results=1000
        )
        runs = [r for r in runs if r.info.status == "FINISHED" and r.data.metrics.get("f1_macro")]
        if not runs:
            logger.error("no trained model, giving up")
            sys.exit(2)
        runs.sort(key=lambda r: -r.data.metrics["f1_macro"])
        return runs[0]

    def open_run(self, model_run):
        experiments = self.client.search_experiments(filter_string="name = '%s'" % config.serve_experiment)
        if experiments:
            eid = experiments[0].experiment_id
        else:
            eid = self.client.create_experiment(config.serve_experiment)
            self.client.set_experiment_tag(eid, "env", config.env)
        run = self.client.create_run(eid, run_name="archive-" + config.env)
        self.client.log_batch(
            run.info.run_id,
            tags=[
                RunTag("service", "archive"),
                RunTag("version", config.version),
                RunTag("env", config.env),
            ],
        )
        self.client.log_param(run.info.run_id, "model_run", model_run.info.run_id)
        return run.info.run_id

    def work(self, size=512):
        model_run = self.pick_model()
        t = model_run.data.tags
        names = json.loads(t["serve.labels"])
        max_len = int(t["serve.max_len"]) if "serve.max_len" in t else 4000
        threshold = float(t["serve.threshold"]) if "serve.threshold" in t else 0.5
        mlflow.set_tracking_uri(config.mlflow_uri)
        pipeline = joblib.load(
            mlflow.artifacts.download_artifacts(f"runs:/{model_run.info.run_id}/pipeline.joblib")
        )
        run_id = self.open_run(model_run)
        ids = [i.decode() for i in self.redis.smembers("archive:todo")]
        done = 0
        for part in shards(ids, size):
            texts = [clean((self.redis.hget(f"doc:{i}", "body") or b"").decode(), max_len) for i in part]
            for doc_id, p in zip(part, pipeline.predict_proba(texts)):
                hits = [n for n, v in zip(names, p) if v >= threshold]
                self.redis.hset(f"doc:{doc_id}", "labels", json.dumps(hits))
            done += len(part)
            self.client.log_metric(run_id, "done", done)
            self.redis.srem("archive:todo", *part)
        self.client.set_terminated(run_id, status="FINISHED")


if __name__ == "__main__":
    ArchiveJob().work()
