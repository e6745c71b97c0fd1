import re
import unicodedata

_SPACE = re.compile(r"\s+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_NUMBER = re.compile(r"\d[\d.,]*")


def normalise(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = _EMAIL.sub(" <email> ", text)
    text = _NUMBER.sub(" <num> ", text)
    return _SPACE.sub(" ", text).strip().lower()


def windows(tokens: list, size: int = 256, stride: int = 128):
    if len(tokens) <= size:
        yield tokens
        return
    for start in range(0, len(tokens) - stride, stride):
        yield tokens[start : start + size]


def page_break_positions(text: str) -> list:
    return [m.start() for m in re.finditer("\f", text)]
