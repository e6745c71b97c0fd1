# Kept for users of 0.x.  Don't add here.
import os
import socket
import sys

import mlflow
import mlflow.tracking


def get_or_create_shelf(name):
    client = mlflow.tracking.MlflowClient()
    exps = [e for e in client.list_experiments(view_type=3) if e.name == name]
    if not exps:
        return client.create_experiment(name)
    e = exps[0]
    if e.lifecycle_stage == 'deleted':
        client.restore_experiment(e.experiment_id)
    return e.experiment_id


def set_shelf(name):
    mlflow.set_experiment(name)


def get_labels(run):
    s = run.data.tags.get('shelf.labels')
    if s is None:
        return set()
    return set([w.strip().lower() for w in s.split(',') if w.strip() != ''])


def get_owners(run):
    s = run.data.tags.get('shelf.owners')
    if s is None:
        return []
    return [w.strip() for w in s.split(';')]


def env_tags():
    d = {}
    d['shelf.host'] = socket.gethostname()
    d['shelf.user'] = os.environ.get('USER') or os.environ.get('USERNAME')
    d['shelf.python'] = sys.version.split()[0]
    d['shelf.mlflow'] = mlflow.__version__
    return d


def find_by_name(name, shelf='shelf'):
    client = mlflow.tracking.MlflowClient()
    eid = get_or_create_shelf(shelf)
    runs = client.search_runs([eid], "tags.mlflow.runName = '%s'" % name)
    runs = sorted(runs, key=lambda r: r.info.start_time)
    if len(runs) > 0:
        return runs[-1]
    return None


def find_by_param(key, value, shelf='shelf'):
    client = mlflow.tracking.MlflowClient()
    eid = get_or_create_shelf(shelf)
    runs = client.search_runs([eid], "params.%s = '%s'" % (key, value))
    runs = sorted(runs, key=lambda r: r.info.start_time)
    if len(runs) > 0:
        return runs[-1]
    return None


def best_run(metric, shelf='shelf'):
    # a score: higher is better
    df = mlflow.search_runs([get_or_create_shelf(shelf)])
    col = 'metrics.' + metric
    if col not in df.columns:
        return None
    df = df[(df['status'] == 'FINISHED') & df[col].notnull()]
    if df.empty:
        return None
    rid = df.sort_values(col, ascending=False).iloc[0]['run_id']
    return mlflow.tracking.MlflowClient().get_run(rid)
