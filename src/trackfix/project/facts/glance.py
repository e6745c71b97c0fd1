"""What can be seen of a file without parsing it: never less than what is there."""

from __future__ import annotations

from typing import NamedTuple

from trackfix.project.facts.text_definitions import attributes_set, makes_names
from trackfix.source.patterns import lazy_pattern

# Bytes beyond ASCII may be letters.
_WORD = lazy_pattern(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_IMPORT = lazy_pattern(rb"(?:\bfrom\b([.\w\s\\\x80-\xff]+?))?\bimport\b([^;]*)")
_PLAIN = lazy_pattern(rb"(?:^|,)[\s\\]*([\w.\x80-\xff]+)")
_BLANKS = b" \t\f\r\n\\"
_CONTINUED = (b"\\\n", b"\\\r\n")
_SETS_MODULE = lazy_pattern(rb"modules\s*\[")


class Glance(NamedTuple):
    """``modules`` are what import statements name as modules, as it is written, ``members`` what
    they take from them, and ``tops`` the first words of the absolute ones. At the left margin,
    ``defines`` tells of what no shim would make, and ``sets_attributes`` has the names of the
    attributes that are assigned to, an empty one for what does not tell it; ``sets_modules`` tells
    of an entry of ``sys.modules``, anywhere."""

    modules: frozenset[bytes] = frozenset()
    members: frozenset[bytes] = frozenset()
    tops: frozenset[bytes] = frozenset()
    defines: bool = False
    sets_modules: bool = False
    sets_attributes: frozenset[str] = frozenset()

    def may_import(self, module: bytes) -> bool:
        """Whether an import may name ``module``, which may be relative to anything but ``module``
        itself."""
        return not self.imported().isdisjoint(ways_to_import(module))

    def imported(self) -> set[bytes]:
        """All that is named, each relative name with a single dot, however far it climbs."""
        return {
            b"." + name.lstrip(b".") if name.startswith(b".") else name
            for name in (*self.modules, *self.members)
        }

    def dots(self) -> set[str]:
        """The modules that are dots alone, as in ``from . import x``."""
        return {name.decode() for name in self.modules if not name.strip(b".")}


def ways_to_import(module: bytes) -> list[bytes]:
    """What `Glance.imported` may have for an import of ``module``: its name, and all relative ones
    but those from itself."""
    parts = module.split(b".")
    return [module, *(b"." + b".".join(parts[start:]) for start in range(len(parts)))]


def glance(path: str, data: bytes) -> Glance:
    """Look at the bytes of a file."""
    modules, members = _read_imports(path, data)
    return Glance(
        frozenset(modules),
        frozenset(members),
        frozenset(name.partition(b".")[0] for name in modules) - {b""},
        makes_names(data),
        b"modules" in data and _SETS_MODULE.search(data) is not None,
        attributes_set(data),
    )


def _read_imports(path: str, data: bytes) -> tuple[set[bytes], set[bytes]]:
    modules: set[bytes] = set()
    members: set[bytes] = set()
    if path.endswith(".ipynb"):
        data = data.replace(b"\\n", b"\n")
    position = data.find(b"import")
    while position >= 0:
        start, end = _statement(data, position)
        for source, names in _IMPORT.findall(data[start:end]):
            module = source.translate(None, _BLANKS)
            if module:
                modules.add(module)
                prefix = module if module.endswith(b".") else module + b"."
                members.update(prefix + name for name in _WORD.findall(names))
            else:
                modules.update(_PLAIN.findall(names))
        position = data.find(b"import", end)
    return modules, members


def _statement(data: bytes, position: int) -> tuple[int, int]:
    """The lines around ``position`` that may belong to one import statement."""
    start = data.rfind(b"\n", 0, position) + 1
    while data[max(start - 3, 0) : start].endswith(_CONTINUED):
        start = data.rfind(b"\n", 0, start - 1) + 1
    end = _line_end(data, position)
    while data[start:end].rstrip(b"\r").endswith(b"\\") and end < len(data):
        end = _line_end(data, end + 1)
    if b"(" in data[position:end]:
        end = _closed(data, position)
    return start, end


def _closed(data: bytes, position: int) -> int:
    """The end of the line that closes a parenthesis; one in a comment closes nothing."""
    end = data.find(b")", position)
    while end >= 0:
        line_start = data.rfind(b"\n", 0, end) + 1
        if b"#" not in data[line_start:end]:
            return _line_end(data, end)
        end = data.find(b")", end + 1)
    return len(data)


def _line_end(data: bytes, position: int) -> int:
    end = data.find(b"\n", position)
    return len(data) if end < 0 else end
