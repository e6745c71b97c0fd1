"""How much two pieces of run logic do the same.

The weights are those of trials on labelled repositories: the keys of tags tell most, then the kind
of the filter, the order, the experiment and what is taken of the run.
"""

from __future__ import annotations

from trackfix.project.run_logic.creating.run_blocks import FILLED
from trackfix.project.run_logic.fragments import Fragment
from trackfix.project.run_logic.similarity.continued_runs import CONTINUED, continued_likeness
from trackfix.project.run_logic.similarity.creations import creation_likeness
from trackfix.project.run_logic.similarity.finders import finder_likeness
from trackfix.project.run_logic.similarity.likeness import Likeness, Weights
from trackfix.project.run_logic.similarity.resolutions import resolution_likeness
from trackfix.project.run_logic.similarity.run_blocks import block_likeness
from trackfix.project.run_logic.similarity.tags import tag_read_likeness, tag_set_likeness


def compare(copy: Fragment, truth: Fragment, weights: Weights) -> Likeness:
    """How much ``copy`` does what ``truth`` does. ``weights`` are those of tag keys: the rarer the
    more; others weigh 1."""
    if copy.kind != truth.kind:
        return Likeness(0)
    if copy.kind in ("find-run", "best-run"):
        return finder_likeness(copy, truth, weights)
    if copy.kind == "create-run":
        return _runs(copy, truth, weights)
    if copy.kind == "resolve-experiment":
        return resolution_likeness(copy, truth)
    if copy.kind == "build-tags":
        return tag_set_likeness(copy, truth, weights)
    return tag_read_likeness(copy, truth)


def _runs(copy: Fragment, truth: Fragment, weights: Weights) -> Likeness:
    either = {*copy.marks, *truth.marks}
    if FILLED in either:
        return block_likeness(copy, truth, weights)
    if CONTINUED & either:
        return continued_likeness(copy, truth)
    return creation_likeness(copy, truth, weights)
