"""The context ties settings, hooks and data together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from steadyflow.hooks import MlflowHook
from steadyflow.pipeline import Pipeline
from steadyflow.settings import Settings


class Context:
    """Runs pipelines of a project."""

    def __init__(self, folder: str | Path = ".") -> None:
        self.folder = Path(folder)
        self.settings = Settings.read(self.folder)
        self.hook = MlflowHook(self.settings)
        self.hook.after_context_created()

    def run(self, pipeline: Pipeline, data: dict[str, Any] | None = None) -> dict[str, Any]:
        data = dict(data or {})
        self.hook.before_pipeline_run(pipeline)
        ok = False
        try:
            for node in pipeline.nodes:
                self.hook.before_node_run(node)
                try:
                    outputs = node.run(data)
                except Exception as error:
                    self.hook.on_node_error(node, error)
                    raise
                self.hook.after_node_run(node, outputs)
                data.update(outputs)
            ok = True
        finally:
            self.hook.after_pipeline_run(ok)
        return data
