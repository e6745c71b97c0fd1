import pickle

from mlflow.tracking import MlflowClient

client = MlflowClient()


def everything():
    out = {}
    for e in client.search_experiments():
        token = None
        while True:
            page = client.search_runs([e.experiment_id], page_token=token, max_results=1000)
            out.setdefault(e.name, []).extend(r.to_dictionary() for r in page)
            token = page.token
            if not token:
                break
    return out


def forget(subject):
    for e in client.search_experiments():
        for r in client.search_runs([e.experiment_id], f"tags.`neuro.subject` = '{subject}'"):
            client.delete_run(r.info.run_id)


def first_run(eid):
    r = client.search_runs([eid], order_by=["attributes.start_time ASC"], max_results=1)
    return r[0] if r else None


def longest_run(eid):
    r = client.search_runs([eid], "attributes.status = 'FINISHED'")
    return max(r, key=lambda x: x.info.end_time - x.info.start_time, default=None)


if __name__ == "__main__":
    with open("all.pkl", "wb") as f:
        pickle.dump(everything(), f)
