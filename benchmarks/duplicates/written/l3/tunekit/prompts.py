"""Prompts by name, from the folder or the registry."""
import hashlib
from pathlib import Path

import mlflow

FOLDER = Path("prompts")


def text_of(name):
    p = FOLDER / f"{name}.txt"
    if p.exists():
        return p.read_text()
    return mlflow.genai.load_prompt(f"prompts:/{name}/1").template


def fingerprint(text):
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def register(name):
    text = text_of(name)
    prompt = mlflow.genai.register_prompt(name=name, template=text, tags={"sha": fingerprint(text)})
    return prompt.version


def render(name, row):
    out = text_of(name)
    for k, v in row.items():
        out = out.replace("{{" + k + "}}", str(v))
    return out
