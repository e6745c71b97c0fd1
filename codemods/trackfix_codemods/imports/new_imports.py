"""Imports that the edits of a file need, beside its import of MLflow."""

from __future__ import annotations

from trackfix.project.meaning.file_names import FileNames
from trackfix.project.mlflow_uses.mlflow_import import top_import
from trackfix.project.project import absolute
from trackfix.source.document import Edit
from trackfix_codemods.imports.blocks import ImportEditor
from trackfix_codemods.imports.changes import Changes, NewImport
from trackfix_codemods.imports.imported_name import imported
from trackfix_codemods.imports.layout import ImportLayout


def import_beside_mlflow(names: FileNames, *wanted: tuple[str, str]) -> list[Edit]:
    """The edits that import what is ``wanted``, each a module and a name in it, but for those that
    the file has already."""
    bound = names.scopes.module.bindings
    missing = [(module, word) for module, word in wanted if word not in bound]
    beside = top_import(names)
    if not missing or beside is None:
        return []
    project = names.meanings.project
    layout = ImportLayout(
        names.document, names.parents, lambda top: project.find(top, names.path) is not None
    )
    changes = Changes()
    run = next(run for run in layout.runs(layout.suite(beside)) if beside in run)
    for module, word in missing:
        section = layout.section(module)
        same = [node for node in run if layout.section(layout.line_of(node).module) == section]
        anchor = same[-1] if same else beside
        changes.of(anchor).new.append(NewImport(module, module, imported(word, word)))
    editor = ImportEditor(
        layout,
        project.config.line_length,
        lambda written: absolute(written, names.package),
        combine_as=project.config.combine_as,
    )
    return [*changes.edits, *editor.edits(list(changes.replacements.values()))]
