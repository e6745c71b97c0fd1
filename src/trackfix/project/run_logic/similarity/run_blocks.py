"""How much two blocks around a run do the same."""

from __future__ import annotations

from trackfix.project.run_logic.creating.run_blocks import FEWEST_TELLING, FILLED
from trackfix.project.run_logic.fragments import Fragment
from trackfix.project.run_logic.similarity.differences import told_keys
from trackfix.project.run_logic.similarity.likeness import Likeness, Weights, overlap


def block_likeness(copy: Fragment, truth: Fragment, weights: Weights) -> Likeness:
    """How much is done alike around two runs. What any run has does not make them alike, but tells
    how much is."""
    if not (FILLED in copy.marks and FILLED in truth.marks):
        return Likeness(0)
    telling = {t for t in copy.terms if t.kind == "step"} & set(truth.terms)
    if len(telling) < FEWEST_TELLING:
        return Likeness(0)
    here, there = ({t.key for t in piece.terms} for piece in (copy, truth))
    # A few steps that stand among many others are no job of their own.
    return Likeness(overlap(here, there, weights, 0.5), tuple(told_keys(copy, truth)))
