import torch
from torch import nn
from transformers import AutoModel, AutoTokenizer


class Classifier(nn.Module):
    def __init__(self, name: str, labels: int, dropout: float = 0.1):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(name)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(self.encoder.config.hidden_size, labels)

    def forward(self, input_ids, attention_mask):
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
        return self.head(self.dropout(pooled))


def tokenizer(name: str):
    return AutoTokenizer.from_pretrained(name, use_fast=True)


def freeze(model: Classifier, layers: int) -> None:
    for block in model.encoder.encoder.layer[:layers]:
        for parameter in block.parameters():
            parameter.requires_grad_(False)


def export_onnx(model: Classifier, path: str, length: int = 256) -> None:
    ids = torch.ones(1, length, dtype=torch.long)
    torch.onnx.export(
        model.eval(),
        (ids, ids),
        path,
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_axes={"input_ids": {0: "batch", 1: "length"}, "attention_mask": {0: "batch", 1: "length"}},
    )
