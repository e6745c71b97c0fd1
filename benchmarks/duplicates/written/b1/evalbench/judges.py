from __future__ import annotations

import json
import re

import mlflow

from evalbench.types import Answer, Sample, Verdict

RUBRIC = """Grade the answer from 0 to 1. Reply as JSON with keys score and reason.
Question: {question}
Reference: {reference}
Answer: {answer}"""

_JSON = re.compile(r"\{.*\}", re.S)


def parse_verdict(sample_id: str, text: str) -> Verdict:
    match = _JSON.search(text)
    if match is None:
        return Verdict(sample_id=sample_id, score=0.0, reason="unparsable")
    try:
        data = json.loads(match.group())
    except json.JSONDecodeError:
        return Verdict(sample_id=sample_id, score=0.0, reason="bad json")
    return Verdict(
        sample_id=sample_id,
        score=min(max(float(data.get("score", 0)), 0.0), 1.0),
        reason=str(data.get("reason", "")),
    )


@mlflow.trace(span_type="LLM")
async def judge(client, sample: Sample, answer: Answer) -> Verdict:
    mlflow.update_current_trace(tags={"sample": sample.id})
    text = RUBRIC.format(question=sample.question, reference=sample.reference, answer=answer.text)
    reply = await client.answer(Sample(id=sample.id, question=text))
    return parse_verdict(sample.id, reply.text)


def exact_match(sample: Sample, answer: Answer) -> Verdict:
    hit = (sample.reference or "").strip().lower() == answer.text.strip().lower()
    return Verdict(sample_id=sample.id, score=float(hit))
