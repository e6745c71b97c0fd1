"""Counts answers that users disliked, from traces."""

import collections

import mlflow


def disliked(experiment_name, limit=500):
    experiment = mlflow.get_experiment_by_name(experiment_name)
    client = mlflow.MlflowClient()
    traces = client.search_traces(experiment_ids=[experiment.experiment_id], max_results=limit)
    votes = collections.Counter(t.info.tags.get("feedback", "none") for t in traces)
    return votes["down"] / max(sum(votes.values()), 1)


if __name__ == "__main__":
    print(f"{disliked('llm/desk-serving'):.1%}")
