"""Chat templates and packing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SYSTEM = "You are a helpful assistant of the service desk."


def to_messages(ticket: dict) -> list[dict[str, str]]:
    turns = [{"role": "system", "content": SYSTEM}]
    for turn in ticket["turns"]:
        role = "assistant" if turn["from"] == "agent" else "user"
        if turns[-1]["role"] == role:
            turns[-1]["content"] += "\n" + turn["text"]
        else:
            turns.append({"role": role, "content": turn["text"]})
    return turns


def is_trainable(messages: list[dict[str, str]]) -> bool:
    return len(messages) >= 3 and messages[-1]["role"] == "assistant"


def pack(sequences: Iterable[list[int]], length: int, eos: int) -> Iterator[list[int]]:
    buffer: list[int] = []
    for sequence in sequences:
        buffer.extend(sequence)
        buffer.append(eos)
        while len(buffer) >= length:
            yield buffer[:length]
            buffer = buffer[length:]


def mask_prompt(labels: list[int], assistant_spans: list[tuple[int, int]]) -> list[int]:
    keep = [False] * len(labels)
    for start, end in assistant_spans:
        for i in range(start, min(end, len(labels))):
            keep[i] = True
    return [label if k else -100 for label, k in zip(labels, keep)]
