"""What did which prompt cost last month?"""
import collections
import datetime as dt
import time

from mlflow.tracking import MlflowClient

from agentlab.config import settings

PRICE = {"gpt-4o": 5e-6, "gpt-4o-mini": 3e-7}


def all_sessions(c, since):
    exp = c.get_experiment_by_name(settings().sessions_experiment)
    tok = None
    while True:
        page = c.search_runs([exp.experiment_id], f"attributes.start_time >= {since}", max_results=500, page_token=tok)
        yield from page
        if not page.token:
            break
        tok = page.token


def key(run):
    p = run.data.tags.get("prompt")
    if p and "@" in p:
        n, v = p.split("@")
        return n, int(v)
    return None


def month():
    c = MlflowClient(settings().tracking)
    since = int((time.time() - 30 * 86400) * 1000)
    usd = collections.Counter()
    for r in all_sessions(c, since):
        tokens = r.data.metrics.get("tokens", 0)
        usd[key(r)] += tokens * PRICE.get(r.data.tags.get("llm", ""), 1e-6)
    return usd


def forget(days=90):
    """GDPR: sessions older than three months go"""
    c = MlflowClient(settings().tracking)
    exp = c.get_experiment_by_name(settings().sessions_experiment)
    limit = int((dt.datetime.now() - dt.timedelta(days=days)).timestamp() * 1000)
    for r in c.search_runs([exp.experiment_id], f"attributes.start_time < {limit}", max_results=1000):
        c.delete_run(r.info.run_id)


if __name__ == "__main__":
    for k, v in month().most_common():
        print(k, f"{v:.2f} USD")
    forget()
