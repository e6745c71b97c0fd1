"""Regular expressions against PHI. Extended after each audit."""
import hashlib
import json
import re
from datetime import date


class PhiError(RuntimeError):
    """Something that looks like patient data was about to leave the house."""

    def __init__(self, where, sample):
        super().__init__(f"possible PHI in {where}: {sample[:3]}***")
        self.where = where


class NotCleared(PhiError):
    """The run has no valid clearance by the data protection officer."""

    def __init__(self, run_id):
        RuntimeError.__init__(self, f"run {run_id} isn't cleared")
        self.run_id = run_id


_DATE = re.compile(r"\b(19|20)\d{2}[-./]?(0[1-9]|1[0-2])[-./]?(0[1-9]|[12]\d|3[01])\b")
_MRN = re.compile(r"\b(?:MRN|PID|Pat)[ _:-]?\d{5,}\b", re.I)
_NAME = re.compile(r"\b[A-Z][a-z]+\^[A-Z][a-z]+\b")  # DICOM person names
_RULES = {"date": _DATE, "mrn": _MRN, "name": _NAME}


def check(value, where):
    text = str(value)
    for rule in _RULES.values():
        m = rule.search(text)
        if m:
            raise PhiError(where, m.group(0))
    return text


def pseudonym(pid, salt):
    return hashlib.blake2b(f"{salt}|{pid}".encode(), digest_size=6).hexdigest()


def check_dict(d, where):
    return {k: check(v, f"{where}.{k}") for k, v in d.items()}


def clearance(run):
    """(officer, day) from the tag phi.cleared, None without or when it ran out."""
    raw = run.data.tags.get("phi.cleared")
    if raw is None:
        return None
    try:
        obj = json.loads(raw)
    except ValueError:
        return None
    until = date.fromisoformat(obj["until"])
    if until < date.today():
        return None
    return obj["officer"], until
