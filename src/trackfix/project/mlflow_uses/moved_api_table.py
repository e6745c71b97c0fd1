"""What MLflow has moved, renamed or removed, and which of it matters to a project."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, NamedTuple, cast

from trackfix.project.mlflow_uses.requirements import AllowedReleases, Release

ApiKind = Literal["module", "name", "method", "attribute", "parameter"]
_DATA = Path(__file__).with_name("mlflow_moves.tsv")


class MovedApi(NamedTuple):
    """An API of MLflow that moved. ``old`` and ``new`` are dotted names; of a parameter ``of`` are
    the functions, with the position at which it can be given. ``advice`` says what to do where
    another name alone does not do; ``lost`` are names that a module's new home lacks."""

    kind: ApiKind
    old: str
    new: str
    deprecated: Release | None
    removed: Release | None
    available: Release | None
    lost: frozenset[str] = frozenset()
    advice: str = ""
    of: tuple[tuple[str, int | None], ...] = ()

    def since(self, releases: AllowedReleases) -> tuple[str, Release] | None:
        """What happened to it by the highest of the releases, and when; None if nothing did."""
        for what, release in (("removed", self.removed), ("deprecated", self.deprecated)):
            if release is not None and release <= releases.highest:
                return what, release
        return None


@cache
def moved_apis() -> tuple[MovedApi, ...]:
    """All moved APIs that are known."""
    lines = _DATA.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple(api for row in rows for api in _read(*row, *[""] * (8 - len(row))))


def _read(
    kind: str,
    old: str,
    new: str,
    deprecated: str,
    removed: str,
    available: str,
    lost: str,
    advice: str,
) -> Iterator[MovedApi]:
    releases = _release(deprecated), _release(removed), _release(available)
    if kind != "parameter":
        yield MovedApi(cast(ApiKind, kind), old, new, *releases, frozenset(lost.split()), advice)
        return
    functions, _, parameters = old.removesuffix(")").partition("(")
    of = []
    for function in functions.split():
        name, _, position = function.partition("@")
        of.append((name, int(position) if position else None))
    for parameter in parameters.split():
        yield MovedApi("parameter", parameter, new, *releases, frozenset(), advice, tuple(of))


def _release(text: str) -> Release | None:
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if text else None


class ApplicableApis:
    """The moved APIs that matter to who may run with certain releases."""

    def __init__(self, releases: AllowedReleases, allowed: tuple[str, ...] = ()) -> None:
        """``allowed`` are the old names that may stay."""
        self.releases = releases
        moved = (api for api in moved_apis() if api.old not in allowed)
        self.apis = [api for api in moved if api.since(releases) is not None]
        self.by_path = {api.old: api for api in self.apis if api.kind in ("module", "name")}
        self.methods = {api.old.partition(".")[2]: api for api in self.apis if api.kind == "method"}
        self.attributes = [api for api in self.apis if api.kind == "attribute"]
        self.parameters: dict[str, list[tuple[MovedApi, int | None]]] = {}
        for api in self.apis:
            for function, position in api.of:
                self.parameters.setdefault(function, []).append((api, position))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """A word for each API that every use of it holds: a moved module's may be built of parts,
        so that it is its last part."""
        words = {api.old.rpartition(".")[2] for api in self.apis}
        # An argument that is given by position goes without the name of its parameter.
        positional = any(
            position is not None for uses in self.parameters.values() for _, position in uses
        )
        return tuple(sorted(words | ({"log_model"} if positional else set())))

    def of(self, path: str) -> MovedApi | None:
        """The moved API that a dotted name is, or is a part of."""
        parts = path.split(".")
        for end in range(len(parts), 1, -1):
            api = self.by_path.get(".".join(parts[:end]))
            if api is not None:
                return api
        return None

    def problem(self, api: MovedApi) -> str:
        """Why no use of an API is rewritten; empty when one can be."""
        if api.advice or not api.new:
            return api.advice
        assert api.available is not None
        if api.available <= self.releases.lowest:
            return ""
        came, lowest = release_text(api.available), release_text(self.releases.lowest)
        return (
            f"it came with MLflow {came}, and {lowest} is allowed ({self.releases.source}): raise "
            "the requirement or set target-mlflow"
        )


def release_text(release: Release) -> str:
    """A release as it is written: ``3.1``."""
    return ".".join(map(str, release))
