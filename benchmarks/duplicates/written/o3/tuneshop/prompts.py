"""Prompt registry helpers and the prompt tournament."""
from __future__ import annotations

import logging

import mlflow
from mlflow import MlflowClient

from tuneshop.schemas import AdapterSpec, PromptRef

logger = logging.getLogger(__name__)


def publish(name: str, template: str, message: str, alias: str | None = None) -> PromptRef:
    prompt = mlflow.genai.register_prompt(name=name, template=template, commit_message=message)
    if alias:
        mlflow.genai.set_prompt_alias(name, alias=alias, version=prompt.version)
    return PromptRef(name=name, version=prompt.version)


def tournament(spec: AdapterSpec, prompts: list[PromptRef], score) -> PromptRef:
    """One parent run, one child per prompt; the best prompt wins."""
    client = MlflowClient()
    mlflow.set_experiment(f"prompts/{spec.customer}")
    scores: dict[str, float] = {}
    with mlflow.start_run(run_name=f"tournament-{spec.digest[:6]}") as parent:
        for prompt in prompts:
            labels = {
                "tuneshop.adapter_digest": spec.digest,
                "tuneshop.base_model": spec.base_model,
                "tuneshop.customer": spec.customer,
                "tuneshop.dataset_digest": spec.dataset_digest,
                "tuneshop.prompt": f"prompts:/{prompt.name}/{prompt.version}",
            }
            with mlflow.start_run(run_name=prompt.name, nested=True, tags=labels):
                scores[prompt.uri] = score(mlflow.genai.load_prompt(prompt.uri))
                mlflow.log_metric("score", scores[prompt.uri])
        winner = max(prompts, key=lambda p: scores[p.uri])
        client.set_tag(parent.info.run_id, "winner", winner.uri)
    logger.info("winner %s with %.3f", winner.uri, scores[winner.uri])
    return winner


def last_tournament_winner(customer: str) -> str | None:
    frame = mlflow.search_runs(
        experiment_names=[f"prompts/{customer}"],
        filter_string="tags.winner != ''",
        order_by=["start_time DESC"],
        max_results=1,
    )
    return None if frame.empty else frame.iloc[0]["tags.winner"]
