"""Judges give a score between 0 and 1 and a reason."""

import json
import re
from dataclasses import dataclass
from typing import Awaitable, Callable, Dict, Tuple

from assaydesk.llm import ChatClient
from assaydesk.schema import Case


@dataclass(frozen=True)
class Verdict:
    score: float
    reason: str


Judge = Callable[[ChatClient, Case, str], Awaitable[Verdict]]
_REGISTRY: Dict[Tuple[str, str], Judge] = {}


def judge(name: str, version: str) -> Callable[[Judge], Judge]:
    def register(function: Judge) -> Judge:
        _REGISTRY[(name, version)] = function
        return function

    return register


def get_judge(spec: str) -> Judge:
    name, _, version = spec.partition("@")
    return _REGISTRY[(name, version or "1")]


def parse_verdict(text: str) -> Verdict:
    match = re.search(r"\{.*\}", text, re.DOTALL)
    if not match:
        return Verdict(0.0, "no JSON in the answer")
    try:
        body = json.loads(match.group())
        return Verdict(min(1.0, max(0.0, float(body["score"]))), str(body.get("reason", "")))
    except (ValueError, KeyError):
        return Verdict(0.0, "broken JSON in the answer")


@judge("exact", "1")
async def exact(client: ChatClient, case: Case, answer: str) -> Verdict:
    same = " ".join(answer.lower().split()) == " ".join(case.expected.lower().split())
    return Verdict(float(same), "equal" if same else "not equal")


@judge("correctness", "1")
async def correctness(client: ChatClient, case: Case, answer: str) -> Verdict:
    text = (
        "Is the answer correct? Reply with JSON that has score (0 to 1) and reason.\n"
        f"Question: {case.question}\nExpected: {case.expected}\nAnswer: {answer}"
    )
    return parse_verdict(await client.ask("judge-large", [{"role": "user", "content": text}]))
