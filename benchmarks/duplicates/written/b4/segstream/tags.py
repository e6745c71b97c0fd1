from __future__ import annotations

import platform
import subprocess

import torch


def hardware_tags() -> dict[str, str]:
    name = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    return {"hw.device": name, "hw.count": str(torch.cuda.device_count()), "hw.node": platform.node()}


def source_tags() -> dict[str, str]:
    def git(*args: str) -> str:
        return subprocess.run(["git", *args], capture_output=True, text=True).stdout.strip()

    return {
        "src.commit": git("rev-parse", "HEAD"),
        "src.branch": git("rev-parse", "--abbrev-ref", "HEAD"),
        "src.dirty": str(bool(git("status", "--porcelain"))).lower(),
    }


def data_tags(module) -> dict[str, str]:
    h = module.hparams
    return {"data.crop": str(h.crop), "data.classes": str(h.classes), "data.root": str(h.root)}
