"""The one place for tag keys (that was the idea)."""
from __future__ import annotations

from mlflow.entities import Run

from tuneshop.schemas import AdapterSpec, PromptRef

ADAPTER = "tuneshop.adapter_digest"
BASE_MODEL = "tuneshop.base_model"
CUSTOMER = "tuneshop.customer"
DATASET = "tuneshop.dataset_digest"
PROMPT = "tuneshop.prompt"
SUITE = "tuneshop.suite"


def provenance(spec: AdapterSpec, prompt: PromptRef | None = None) -> dict[str, str]:
    tags = {
        ADAPTER: spec.digest,
        BASE_MODEL: spec.base_model,
        CUSTOMER: spec.customer,
        DATASET: spec.dataset_digest,
    }
    if prompt is not None:
        tags[PROMPT] = prompt.uri
    return tags


def prompt_of(run: Run) -> PromptRef | None:
    """The prompt a run was made with; the tag holds ``prompts:/name/version``."""
    uri = run.data.tags.get(PROMPT)
    if uri is None:
        return None
    name, _, version = uri.removeprefix("prompts:/").rpartition("/")
    return PromptRef(name=name, version=int(version))
