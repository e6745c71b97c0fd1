"""Fitting one token classifier."""

from typing import Any, Dict, List, Mapping, Sequence

from training.data import Example


def _align(tokenizer: Any, example: Example, ids: Mapping[str, int], max_length: int) -> Dict[str, List[int]]:
    encoded = tokenizer(
        example.text, truncation=True, max_length=max_length, return_offsets_mapping=True
    )
    labels = []
    for start, end in encoded.pop("offset_mapping"):
        if start == end:
            labels.append(-100)
            continue
        label = "O"
        for a, b, name in example.spans:
            if a <= start and end <= b:
                label = ("B-" if a == start else "I-") + name
                break
        labels.append(ids[label])
    encoded["labels"] = labels
    return encoded


def fit(backbone: str, train: Sequence[Example], valid: Sequence[Example], labels: List[str], params: Mapping[str, Any], out: str) -> Dict[str, float]:
    """Train and give the metrics on `valid`."""
    from transformers import AutoModelForTokenClassification, AutoTokenizer
    from transformers import DataCollatorForTokenClassification, Trainer, TrainingArguments

    ids = {label: i for i, label in enumerate(labels)}
    tokenizer = AutoTokenizer.from_pretrained(backbone)
    model = AutoModelForTokenClassification.from_pretrained(backbone, num_labels=len(labels), label2id=ids)
    arguments = TrainingArguments(
        output_dir=out,
        learning_rate=float(params.get("learning_rate", 3e-5)),
        num_train_epochs=float(params.get("epochs", 3)),
        per_device_train_batch_size=int(params.get("batch_size", 8)),
        report_to=[],
    )
    trainer = Trainer(
        model=model,
        args=arguments,
        train_dataset=[_align(tokenizer, e, ids, 512) for e in train],
        eval_dataset=[_align(tokenizer, e, ids, 512) for e in valid],
        data_collator=DataCollatorForTokenClassification(tokenizer),
    )
    trainer.train()
    trainer.save_model(out)
    tokenizer.save_pretrained(out)
    return {k.replace("eval_", ""): v for k, v in trainer.evaluate().items() if isinstance(v, float)}
