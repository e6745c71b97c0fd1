"""The graph of eager imports: would one more import close a cycle?"""

from __future__ import annotations

from trackfix.project.facts.module_facts import Import
from trackfix.project.loading.possible_importers import possible_importers
from trackfix.project.project import Module, Project, absolute


class ImportGraph:
    """Which files are loaded when a file is imported, parent packages included.

    Imports inside functions and under ``TYPE_CHECKING`` do not count, unless those that come
    ``later`` are wanted, too: then it is all that may be loaded when code of the file runs.
    """

    def __init__(self, project: Project, *, later: bool = False) -> None:
        self.project = project
        self.later = later
        self._loaded: dict[str, frozenset[str]] = {}
        self._reachable: dict[str, frozenset[str]] = {}
        self._used: dict[str, frozenset[str]] = {}
        self._importers: dict[str, frozenset[str] | None] = {}
        self._read: dict[str, frozenset[str]] = {}
        self._steps: dict[str, tuple[set[str], set[str]]] = {}

    def loads(self, path: str) -> frozenset[str]:
        """The files that ``path`` imports directly."""
        if path not in self._loaded:
            self._loaded[path] = frozenset(self.imported(path, later=self.later) - {path})
        return self._loaded[path]

    def used(self, path: str) -> frozenset[str]:
        """All files that are loaded by what ``path`` imports, be it when its functions run."""
        if path not in self._used:
            imported = self.imported(path)
            self._used[path] = frozenset().union(*map(self.reachable, imported))
        return self._used[path]

    def imported(self, path: str, *, later: bool = True) -> set[str]:
        """The files that the imports of ``path`` name, and the packages on the way there; those in
        its functions only if ``later`` ones count."""
        facts = self.project.facts.get(path)
        found: set[str] = set()
        for statement in facts.imports if facts else ():
            if statement.eager or later:
                found |= self.named_by(statement, path)
        return found

    def named_by(self, statement: Import, path: str) -> set[str]:
        """The files that one import statement of ``path`` names, and the packages on the way."""
        facts = self.project.facts.get(path)
        package = Module(self.project.primary_name(path) or "", path, facts).package
        target = absolute(statement.module, package)
        if target is None:
            return set()
        members = (self.files_of(f"{target}.{member}", path) for member in statement.names)
        return self.files_of(target, path).union(*members)

    def files_of(self, module: str, importer: str) -> set[str]:
        """The files that ``import module`` executes: the module's and its packages'."""
        found: set[str] = set()
        last = self.project.find(module, importer)
        if last is None:
            # A module that was moved already: the setting says where its file is.
            renamed = self.project.config.renames.get(module)
            return self.files_of(renamed, importer) if renamed else found
        parts = module.split(".")
        for count in range(1, len(parts) + 1):
            step = self.project.find(".".join(parts[:count]), importer)
            if step is not None and step.path:
                found.add(step.path)
        return found

    def reachable(self, path: str) -> frozenset[str]:
        """All files that importing ``path`` loads, itself included."""
        if path not in self._reachable:
            seen = {path}
            stack = [path]
            while stack:
                for other in self.loads(stack.pop()):
                    if other not in seen:
                        seen.add(other)
                        stack.append(other)
            self._reachable[path] = frozenset(seen)
        return self._reachable[path]

    def half_loaded(self, importer: str, module: str) -> bool:
        """Whether an eager import of names from ``module`` in ``importer`` may find a module half
        loaded, be it ``importer`` itself. The packages around ``importer`` are there already, and
        it does no harm to pass them again on the way to modules below them; but one that loads
        ``importer`` itself may not have bound its names by then."""
        around = self.around(importer)
        holder = self.project.find(module, importer)
        if holder is not None and holder.path in around:
            return importer in self.reachable(holder.path)
        return any(
            self.comes_back(path, importer)
            for path in self.files_of(module, importer) - around - {importer}
        )

    def comes_back(self, start: str, importer: str) -> bool:
        """Whether loading ``start`` takes something from ``importer``, or from a package around
        it, while these are being loaded."""
        around = self.around(importer) | {importer}
        if start in around:
            return False
        seen = {start}
        stack = [start]
        while stack:
            taken, passed = self._taken_and_passed(stack.pop())
            if taken & around:
                return True
            fresh = (taken | passed) - around - seen
            seen |= fresh
            stack.extend(fresh)
        return False

    def read_by(self, path: str) -> frozenset[str]:
        """All files that loading ``path`` takes names from, or loads on the way. The packages
        around each file are there already: those count only if names are taken from them."""
        if path not in self._read:
            seen: set[str] = set()
            stack = [path]
            while stack:
                current = stack.pop()
                taken, passed = self._taken_and_passed(current)
                fresh = (taken | (passed - self.around(current))) - {current} - seen
                seen |= fresh
                stack.extend(fresh)
            self._read[path] = frozenset(seen)
        return self._read[path]

    def around(self, path: str) -> set[str]:
        """The packages that a file stands in."""
        name = self.project.primary_name(path) or ""
        return self.files_of(name.rpartition(".")[0], path) - {path} if "." in name else set()

    def _taken_and_passed(self, path: str) -> tuple[set[str], set[str]]:
        """The files that the eager imports of a file name, or take names from, and the packages
        that are loaded on the way to them."""
        if path not in self._steps:
            self._steps[path] = self._steps_of(path)
        return self._steps[path]

    def _steps_of(self, path: str) -> tuple[set[str], set[str]]:
        facts = self.project.facts.get(path)
        package = Module(self.project.primary_name(path) or "", path, facts).package
        taken: set[str] = set()
        passed: set[str] = set()
        for statement in facts.imports if facts else ():
            target = absolute(statement.module, package) if statement.eager else None
            if target is None:
                continue
            below = [f"{target}.{member}" for member in statement.names]
            modules = [name for name in below if self.files_of(name, path)]
            if not below or len(modules) < len(below):
                modules.append(target)
            for module in modules:
                found = self.project.find(module, path)
                if found is not None and found.path:
                    taken.add(found.path)
                passed |= self.files_of(module, path)
        return taken, passed - taken

    def opens_cycle(self, importer: str, module: str) -> bool:
        """Whether an eager import of ``module`` in ``importer`` closes a cycle that was open."""
        if importer not in self._importers:
            self._importers[importer] = possible_importers(self.project, importer)
        ways, known = self.files_of(module, importer), self._importers[importer]
        back = ways if known is None else ways & known
        return any(
            importer in self.reachable(path) and path not in self.reachable(importer)
            for path in back
        )
