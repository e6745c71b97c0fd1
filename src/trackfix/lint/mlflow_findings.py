"""What rules about calls of MLflow have in common: which files to look at, and findings there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.lint.finding import Finding, Fix, Related
from trackfix.lint.rule import LintProject, Rule
from trackfix.project.files_with_words import files_with, has_word
from trackfix.project.mlflow_uses.calls import FileCalls, MlflowCalls


def files_calling(project: LintProject, *words: str) -> Iterator[str]:
    """The files that could call MLflow and hold one of ``words``."""
    telling = project.analysis(MlflowCalls).words
    for path in files_with(project.project, words):
        if has_word(project.project, path, telling):
            yield path


def calls_in(path: str, project: LintProject, *words: str) -> FileCalls | None:
    """The calls of MLflow in a file, which is only parsed when it holds one of ``words``."""
    if path not in project.project.facts or not has_word(project.project, path, words):
        return None
    return project.analysis(MlflowCalls).file(path)


def finding_at(
    rule: Rule,
    file: FileCalls,
    node: ast.expr | ast.stmt | ast.excepthandler,
    message: str,
    *,
    fix: Fix | None = None,
    related: tuple[Related, ...] = (),
) -> Finding:
    """The finding of ``rule`` about a node of a file."""
    names = file.names
    place = names.document.places(node)
    return Finding(rule.code, rule.name, names.path, *place, message, fix=fix, related=related)
