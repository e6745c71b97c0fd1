"""A judge is a model that scores what another model has written."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, Callable

from judgebench.constants import Tag

PROMPT = """You are a strict judge. Score the answer from 1 to 5.
Question: {question}
Answer: {answer}
Reply with JSON that has the keys score and reason."""


@dataclass
class Verdict:
    """What the judge says."""

    score: int
    reason: str


def parse(reply: str) -> Verdict:
    """Read the reply of a judge, with or without text around the JSON."""
    match = re.search(r"\{.*\}", reply, re.DOTALL)
    if match is None:
        raise ValueError("the judge gave no JSON")
    data = json.loads(match.group())
    return Verdict(max(1, min(5, int(data["score"]))), str(data.get("reason", "")))


class Judge:
    """Scores the answers that a run has logged."""

    def __init__(self, ask: Callable[[str], str], name: str = "default") -> None:
        self.ask = ask
        self.name = name
        self._client: Any = None

    @property
    def tracking(self) -> Any:
        if self._client is None:
            from mlflow.tracking import MlflowClient

            self._client = MlflowClient()
        return self._client

    def _subject(self, run: Any) -> Any:
        """The run that has written the answers."""
        run_id = next((v for k, v in run.data.tags.items() if k == "judgebench.source_run"), None)
        if run_id is None:
            run_id = run.data.tags.get("mlflow.parentRunId")
        return self.tracking.get_run(run_id) if run_id else run

    def judge(self, run_id: str, answers: list[dict[str, str]]) -> list[Verdict]:
        """Judge all answers and note the result on the run."""
        run = self.tracking.get_run(run_id)
        subject = self._subject(run)
        verdicts = [parse(self.ask(PROMPT.format(**row))) for row in answers]
        mean = sum(v.score for v in verdicts) / max(len(verdicts), 1)
        for target in {run.info.run_id, subject.info.run_id}:
            self.tracking.log_metric(target, f"judge/{self.name}", mean)
        self.tracking.set_tag(run_id, Tag.JUDGE.value, self.name)
        self.tracking.set_tag(run_id, "judgebench.judge.answers", str(len(answers)))
        self.tracking.set_tag(run_id, "judgebench.judge.mean", f"{mean:.3f}")
        self.tracking.log_dict(run_id, {"verdicts": [asdict(v) for v in verdicts]}, "verdicts.json")
        return verdicts

    def judged(self, experiment_id: str) -> list[str]:
        """The ids of all runs this judge has seen."""
        runs = self.tracking.search_runs([experiment_id], f"tags.`{Tag.JUDGE}` = '{self.name}'")
        return [run.info.run_id for run in runs]
