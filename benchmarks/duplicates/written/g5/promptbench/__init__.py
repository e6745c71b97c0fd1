"""Evaluate prompts with judges."""

from promptbench.evaluate import Evaluation, evaluate
from promptbench.prompts import Prompt, PromptRegistry

__all__ = ["Evaluation", "Prompt", "PromptRegistry", "evaluate"]
