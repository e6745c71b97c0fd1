"""Regulatory tags (SOP-0417). Every run that may end in a device carries them."""
from __future__ import annotations

from datetime import datetime
from typing import Final, Mapping

from mlflow.entities import Run

from imgplat.core.types import DeviceClass

REG_CLASS: Final = "reg.iec62304_class"
REG_SOP: Final = "reg.sop"
REG_UDI: Final = "reg.udi_di"
REG_REVIEW: Final = "reg.review"
SOP_REVISION: Final = "SOP-0417 rev 6"


def regulatory_tags(device_class: DeviceClass, udi: str, intended_use: str) -> Mapping[str, str]:
    return {
        REG_CLASS: device_class.value,
        REG_SOP: SOP_REVISION,
        REG_UDI: udi,
        "reg.intended_use": intended_use,
    }


class ReviewError(ValueError):
    pass


def review_of(run: Run) -> tuple[str, datetime]:
    """(reviewer, when) from ``reviewer|ISO time``."""
    raw = run.data.tags.get(REG_REVIEW)
    if raw is None:
        raise ReviewError(f"run {run.info.run_id} has not been reviewed")
    reviewer, sep, stamp = raw.partition("|")
    if not sep:
        raise ReviewError(f"malformed review {raw!r}")
    return reviewer, datetime.fromisoformat(stamp)


def device_class_of(run: Run) -> DeviceClass:
    value = run.data.tags.get(REG_CLASS, "")
    try:
        return DeviceClass(value)
    except ValueError:
        raise ReviewError(f"run {run.info.run_id} has class {value!r}") from None
