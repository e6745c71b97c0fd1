"""The training loops."""

import json
import random
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

Row = Tuple[List[str], List[str]]


def read_conll(path: Path) -> List[Row]:
    rows: List[Row] = []
    tokens: List[str] = []
    labels: List[str] = []
    for line in path.read_text(encoding="utf-8").splitlines() + [""]:
        if not line.strip():
            if tokens:
                rows.append((tokens, labels))
            tokens, labels = [], []
            continue
        token, label = line.split()[:2]
        tokens.append(token)
        labels.append(label)
    return rows


def split(rows: List[Row], fold: int, folds: int) -> Tuple[List[Row], List[Row]]:
    shuffled = list(rows)
    random.Random(7).shuffle(shuffled)
    held = shuffled[fold::folds]
    kept = [row for i, row in enumerate(shuffled) if i % folds != fold]
    return kept, held


def _entities(labels: List[str]) -> set:
    found, start, kind = set(), None, None
    for i, label in enumerate(labels + ["O"]):
        if start is not None and not label.startswith("I-"):
            found.add((start, i, kind))
            start = None
        if label.startswith("B-"):
            start, kind = i, label[2:]
    return found


def f1_of(gold: List[List[str]], predicted: List[List[str]]) -> float:
    right = total_gold = total_predicted = 0
    for a, b in zip(gold, predicted):
        left, other = _entities(a), _entities(b)
        right += len(left & other)
        total_gold += len(left)
        total_predicted += len(other)
    if not right:
        return 0.0
    precision, recall = right / total_predicted, right / total_gold
    return 2 * precision * recall / (precision + recall)


def _fit(rows: List[Row], lr: float, dropout: float, warm_start: Optional[str]) -> Any:
    import spacy
    from spacy.training import Example

    nlp = spacy.load(warm_start) if warm_start else spacy.blank("en")
    if "ner" not in nlp.pipe_names:
        nlp.add_pipe("ner")
    examples = []
    for tokens, labels in rows:
        doc = spacy.tokens.Doc(nlp.vocab, words=tokens)
        examples.append(Example.from_dict(doc, {"entities": labels}))
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = lr
    for _ in range(10):
        nlp.update(examples, drop=dropout, sgd=optimizer)
    return nlp


def _predict(nlp: Any, rows: List[Row]) -> List[List[str]]:
    import spacy

    result = []
    for tokens, _ in rows:
        doc = nlp(spacy.tokens.Doc(nlp.vocab, words=tokens))
        result.append([f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in doc])
    return result


def train_fold(config: Dict[str, Any], fold: int, lr: float, dropout: float) -> Dict[str, float]:
    kept, held = split(read_conll(Path(config["data"])), fold, config["folds"])
    nlp = _fit(kept, lr, dropout, None)
    return {"f1": f1_of([labels for _, labels in held], _predict(nlp, held))}


def train_all(config: Dict[str, Any], warm_start: Optional[str], lr: float, dropout: float) -> Dict[str, float]:
    rows = read_conll(Path(config["data"]))
    nlp = _fit(rows, lr, dropout, warm_start)
    nlp.to_disk(config["out"])
    (Path(config["out"]) / "train.json").write_text(json.dumps({"lr": lr, "dropout": dropout}))
    return {"train_f1": f1_of([labels for _, labels in rows], _predict(nlp, rows))}
