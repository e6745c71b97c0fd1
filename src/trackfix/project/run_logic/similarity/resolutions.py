"""How much two resolutions of an experiment do the same."""

from __future__ import annotations

import re

from trackfix.project.run_logic.fragments import Fragment
from trackfix.project.run_logic.similarity.likeness import Likeness

# What is done where there is no experiment of a name; else it is created.
MISSING = frozenset({"maps errors", "must exist", "may fail", "id or name", "unless given"})
# Marks that tell no difference.
_HOW = re.compile(r"helper$|of a finder$|by |then |says ")


def resolution_likeness(copy: Fragment, truth: Fragment) -> Likeness:
    """How much two resolutions do where there is no experiment of the name, and what else."""
    here, there = set(copy.marks), set(truth.marks)
    if (here & MISSING) != (there & MISSING):
        return Likeness(0)
    # That an experiment must exist is said in two places only where one of them says it for others,
    # or both in the same words.
    if "must exist" in here and not _is_said_again(here, there):
        return Likeness(0)
    if "may fail" in here and not any(mark.startswith("then ") for mark in here & there):
        return Likeness(0)
    here, there = ({m for m in marks if not _HOW.match(m)} for marks in (here, there))
    told = {"restores": "restores a deleted experiment", "activates": "makes it the active one"}
    differs = [
        f"{told.get(mark, f'gives an {mark}')} {'here' if mark in here else 'there'} only"
        for mark in sorted(here ^ there)
    ]
    return Likeness(round(0.95 - 0.05 * len(here ^ there), 2), tuple(differs))


def _is_said_again(here: set[str], there: set[str]) -> bool:
    if any(mark.startswith("says ") for mark in here & there):
        return True
    return "helper" in here | there and "of a finder" not in here | there
