"""What stands in the way of a module and its tests, and what of the tests follows the module."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping

from trackfix.project.facts.expressions import call_name
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import CLASS_NAME
from trackfix.project.meaning.scopes import Use
from trackfix.project.test_paths import is_test_path
from trackfix.source.document import Edit
from trackfix_codemods.clients.built_texts import may_be
from trackfix_codemods.clients.groups import Group, Lookup
from trackfix_codemods.clients.kept import kept_by_settings, taken_by_run
from trackfix_codemods.clients.late_uses import by_module, late_lines, late_uses, of_module
from trackfix_codemods.clients.patches import (
    MOCK_ATTRIBUTES,
    accepts_arguments,
    asserts_arguments,
    expects_none,
    given_double,
    takes_spec,
)
from trackfix_codemods.clients.reference import Reference
from trackfix_codemods.clients.reference_index import ReferenceIndex
from trackfix_codemods.clients.sites import left_over, root_of
from trackfix_codemods.imports.leftovers import origin_of, run_from_string


class Judge:
    """Tells what stands in the way of a group, and what follows it.

    ``lookup`` is where the factory looks the class up when it is called, ``given`` are the
    arguments that it adds to those of its caller, ``home`` is where it is imported from, and
    ``sources`` are where that module takes the class from when it is loaded. ``init_patches`` are
    the patches of the ``__init__`` of the class. ``is_reached`` tells whether the code of a file
    may run while a patch holds, ``meets`` whether some lines of it may, ``is_first`` whether the
    factory may not be loaded before, ``loads_anew`` whether a file may be loaded then, ``knows``
    whether what a file of the tests does may be done to a module that goes by a word, and
    ``asks_for_class`` where the double of a patch may be asked whether it is an instance.
    """

    def __init__(
        self,
        groups: Mapping[str, Group],
        references: list[Reference],
        lookup: Lookup | None,
        held: Mapping[str, str],
        *,
        home: Lookup,
        sources: Collection[Lookup],
        init_patches: Collection[Reference],
        is_reached: Callable[[Reference, str], bool],
        meets: Callable[[Reference, str, Collection[int]], bool],
        is_first: Callable[[Reference], bool],
        loads_anew: Callable[[Reference, str], bool],
        knows: Callable[[str, str], bool],
        asks_for_class: Callable[[Reference], str],
        given: Collection[str],
        unsafe: bool,
    ) -> None:
        self.groups = groups
        self.references = ReferenceIndex(references)
        self.lookup = lookup
        self.held = held
        self.home = home
        self.sources = sources
        self.init_patches = init_patches
        self.is_reached = is_reached
        self.meets = meets
        self.is_first = is_first
        self.loads_anew = loads_anew
        self.knows = knows
        self.asks_for_class = asks_for_class
        self.given = given
        self.unsafe = unsafe
        self.site_roots = {
            (path, id(root_of(site.target))): path
            for path, group in groups.items()
            for site in group.sites
        }

    def judge(self, group: Group, reaching: frozenset[str]) -> None:
        """Give a group its obstacle, or what follows it. ``reaching`` are the files whose code may
        run the code of the group."""
        for reason in self._reasons(group, reaching):
            if reason:
                group.obstacle = reason
                return

    def _reasons(self, group: Group, reaching: frozenset[str]) -> Iterator[str]:
        own = self.references.of_module(group.path)
        own = [r for r in own if r.name in group.own or r.name in group.aliases]
        patched = {r.name for r in own if r.kind in ("patch", "assign") and group.own.get(r.name)}
        leaving = {
            word for word, scope in left_over(group.names, group.sites) if scope.parent is None
        }
        for reference in own:
            if reference.name in group.own:
                yield self._own(group, reference, patched, leaving)
            else:
                yield self._of_alias(group, reference)
        for word in sorted(leaving):
            yield kept_by_settings(group.names, word)
            yield taken_by_run(group.names, word)
            yield run_from_string(group.names, word)
        for reference in self.references.in_reach(reaching):
            if reference.kind in ("built", "unknown") and reference.name in group.own:
                yield self._perhaps(group, reference, leaving)
            if reference.path in reaching and self._is_looked_up(group, reference):
                reason = self._at_origin(reference)
                is_proven = reference.certain or reason.startswith("unsafe: ") or not reason
                yield reason if is_proven else f"unsafe: {reason}"
            if reference.path in reaching and (reference.module, reference.name) == self.lookup:
                yield self._reached_anew(group, reference)
            if reference.path in reaching and reference.may_replace and not self.unsafe:
                yield self._replaces_factory(group, reference)
        for reference in self.init_patches:
            yield self._at_init(group, reference)

    # Names of the module itself

    def _own(
        self,
        group: Group,
        reference: Reference,
        patched: set[str],
        leaving: set[str],
    ) -> str:
        name, place = reference.name, reference.place
        if (group.path, name) == self.lookup:
            is_double = reference.kind in ("patch", "assign") and not expects_none(reference)
            is_met = is_double and self.meets(reference, group.path, late_lines(group))
            return self._gets_others(reference) if is_met else ""
        if reference.kind in ("patch", "assign"):
            staying = (s for s in group.staying if s.word == name and s.is_late)
            other = next(staying, None)
            if other is not None:
                return f"{place} patches {name}, and {other.path}:{other.line} can't change"
            if not group.own[name]:
                return f"{place} puts a double in the place of {name}"
            why = self._follow(group, reference)
            return f"{place} patches {name} of this module: {why}" if why else ""
        if reference.kind == "below" and name in leaving:
            return self._rebase(group, reference)
        if reference.kind == "read":
            if _is_of_mock(reference) and name in patched:
                return self._follow(group, reference)
            root = reference.use.node if reference.use is not None else None
            if (reference.path, id(root)) in self.site_roots:
                group.needs[reference.path] = place
            elif name in patched or name in leaving:
                return f"{place} uses {name} of this module"
        if reference.kind == "import" and reference.late and name in patched:
            return f"{place} imports {name} from this module when it runs, where it is patched"
        return ""

    def _of_alias(self, group: Group, reference: Reference) -> str:
        """Why what is done to a name that will mean the factory needs the class, or the arguments
        as they are."""
        name, place = reference.name, reference.place
        if reference.kind in ("read", "below"):
            return "" if _is_of_mock(reference) else f"{place} uses {name} of this module"
        sites = (site for site in group.sites if site.alias == name)
        if reference.kind in ("patch", "assign") and not all(site.verbatim for site in sites):
            why = "the factory gets the arguments in another way"
            return f"{place} patches {name} of this module: {why}"
        return ""

    def _follow(self, group: Group, patch: Reference) -> str:
        """Make a patch follow its module, or say why it can't."""
        local = group.places.local
        if patch.path in self.held:
            return f"the file is held back: {self.held[patch.path]}"
        if patch.span is None:
            return "the name can't be replaced where it is written"
        if not (patch.certain or self.unsafe):
            return "unsafe: nothing shows that this string is a patch"
        if (call_name(patch.call) or "").rpartition(".")[2] == "delattr":
            return "it takes the name away"
        if not group.places.at_module:
            return f"{local} can only be imported inside of functions there"
        sites = [site for site in group.sites if site.word == patch.name]
        if not all(site.verbatim for site in sites):
            return "the factory gets the arguments in another way"
        if any(of_module(group, s, s.word) and not by_module(group, s) for s in sites):
            return f"{local} is bound inside of a function there"
        same = (r for r in self.references.beside(patch) if r.kind == "patch")
        if any((r.module, r.name) == (group.path, local) for r in same):
            return f"the same test patches {local}"
        if not self.unsafe and late_uses(group, local):
            return f"unsafe: {local} is used there already, which would get the double, too"
        asked = "" if self.unsafe or not takes_spec(patch) else self.asks_for_class(patch)
        if asked:
            return f"unsafe: the double of {local} is no {CLASS_NAME}, for which {asked} asks"
        others = {s.line for s in group.sites if s.word != patch.name and by_module(group, s)}
        if not self.unsafe and self.meets(patch, group.path, others):
            return "unsafe: the class is constructed by another name there, which gets no double"
        strict = given_double(patch) is not None or takes_spec(patch)
        if not all(not strict and _asks_for_class(use) for use in late_uses(group, patch.name)):
            return f"{patch.name} is not only constructed there"
        group.following.append((patch.path, Edit(*patch.span, local)))
        return ""

    def _rebase(self, group: Group, reference: Reference) -> str:
        """Let a string go by another way to what the module will not hold any more."""
        if reference.path in self.held:
            return f"{reference.path} is held back: {self.held[reference.path]}"
        if reference.span is None or not (reference.certain or self.unsafe):
            reason = f"{reference.place} may need {reference.name} of this module"
            return reason if reference.span is None else f"unsafe: {reason}"
        edit = Edit(reference.owner, reference.span[1], origin_of(group.names, reference.name))
        group.following.append((reference.path, edit))
        return ""

    def _perhaps(self, group: Group, reference: Reference, leaving: set[str]) -> str:
        """What a text may do to a name of the module that stands in it."""
        name, place = reference.name, reference.place
        is_key = reference.kind == "unknown"
        # The name of a module, such as mlflow, stands in strings of all kinds.
        if not (group.own[name] or is_key):
            return ""
        is_origin = (reference.module, name) == self.lookup or self._is_looked_up(group, reference)
        is_of_other = reference.module.endswith(".py") and reference.module != group.path
        if is_of_other and not is_origin:
            return ""
        if reference.path == group.path:
            return f"{place} names {name} in a string" if is_key or name in leaving else ""
        if is_test_path(reference.path):
            is_meant = self.knows(reference.path, _last_part(group)) or self._is_built(
                group, reference
            )
            return f"{place} may patch {name} of this module" if is_meant else ""
        is_meant = name in leaving and _says(reference.names, _last_part(group))
        return f"{place} may use {name} of this module" if is_meant else ""

    def _is_built(self, group: Group, reference: Reference) -> bool:
        """Whether a text of which only pieces are written may be a name of the module, or the one
        by which the test loads it: ``import_module(f"pkg.step_{number}")``."""
        names, node = reference.names, reference.node
        modules = group.names.meanings.project.names_of(group.path)
        if isinstance(node, ast.Constant) and any(
            may_be(names, node, module, reference.name) for module in modules
        ):
            return True
        texts = [text for text in names.document.index.strings if isinstance(text.value, str)]
        return any(
            str(text.value)[:2] == module[:2] and may_be(names, text, module)
            for module in modules
            for text in texts
        )

    # Names elsewhere, in which a run looks the class up

    def _is_looked_up(self, group: Group, patch: Reference) -> bool:
        """Whether the code of a group may take the class from where a patch has put a double."""
        where = (patch.module, patch.name)
        if where in group.origins:
            return True
        return where in group.first_origins and self.loads_anew(patch, group.path)

    def _at_origin(self, patch: Reference) -> str:
        """Why a patch of the class elsewhere would not do what it does now."""
        where = _place_of(patch)
        if patch.kind == "unknown":
            return f"{patch.place} may patch {where}"
        if patch.kind not in ("patch", "assign") or expects_none(patch):
            return ""
        if not patch.certain and (self.unsafe or not is_test_path(patch.path)):
            return ""
        together = {
            (other.module, other.name)
            for other in self.references.beside(patch)
            if other.kind == patch.kind and other is not patch
        }
        if self.lookup not in {(patch.module, patch.name), *together}:
            return f"{patch.place} patches {where}, which the factory does not look up"
        return self._gets_others(patch)

    def _gets_others(self, patch: Reference) -> str:
        """Why a double must not get the arguments that the factory gives the class."""
        where = _place_of(patch)
        if asserts_arguments(patch):
            return f"{patch.place} asks with which arguments {where} is called"
        accepts = accepts_arguments(patch, self.given)
        if accepts is False or (accepts is None and not self.unsafe):
            reason = (
                f"{patch.place} patches {where}: the double may not accept what the factory gives"
            )
            return reason if accepts is False else f"unsafe: {reason}"
        return ""

    def _reached_anew(self, group: Group, patch: Reference) -> str:
        """Why a patch of where the factory looks the class up would reach more than it does now."""
        if self.unsafe or self.lookup in group.origins:
            return ""
        if patch.kind not in ("patch", "assign"):
            return ""
        if expects_none(patch) and not self._may_call(patch, group):
            return ""
        reached = {(group.path, name) for name in group.own} | group.origins
        if any(
            other.kind in ("patch", "assign") and (other.module, other.name) in reached
            for other in self.references.beside(patch)
        ):
            return ""
        if not self.is_reached(patch, group.path):
            return ""
        where = f"{patch.name} of {patch.module}"
        return f"unsafe: {patch.place} patches {where}, which would reach this module, too"

    # The factory, and what it calls

    def _replaces_factory(self, group: Group, patch: Reference) -> str:
        """Why a patch of the factory would reach a module that constructs the class so far."""
        where = (patch.module, patch.name)
        places = group.places
        lines = late_lines(group)
        is_own = where == (group.path, places.local) and places.known is not None
        is_home = where == self.home
        is_late = is_own or (is_home and places.in_functions)
        if (is_late and self.meets(patch, group.path, lines)) or (
            is_home and self.loads_anew(patch, group.path)
        ):
            return f"unsafe: {patch.place} patches {patch.name}, which would reach this module, too"
        # Where the factory comes to a function, it may be loaded by that, and keep the double.
        may_load = where in self.sources and places.in_functions and self.is_first(patch)
        if may_load and self.meets(patch, group.path, lines):
            name = f"{patch.module}.{patch.name}"
            return f"unsafe: {patch.place} patches {name}, with which the factory may be loaded"
        return ""

    def _at_init(self, group: Group, patch: Reference) -> str:
        """Why a patch of the ``__init__`` of the class would get what it does not get now."""
        if not self.given and all(site.verbatim for site in group.sites):
            return ""
        if not self._may_call(patch, group):
            return ""
        where = f"{patch.name} of the class"
        if asserts_arguments(patch):
            return f"{patch.place} asks with which arguments {where} is called"
        if accepts_arguments(patch, self.given) is False:
            return (
                f"{patch.place} patches {where}: the double may not accept what the factory gives"
            )
        return ""

    def _may_call(self, patch: Reference, group: Group) -> bool:
        """Whether a module may call the factory while a patch holds."""
        if any(site.is_called_elsewhere for site in group.sites):
            return self.is_reached(patch, group.path)
        return self.meets(patch, group.path, late_lines(group))


def _place_of(patch: Reference) -> str:
    """What is patched, in words."""
    if patch.module.endswith(".py"):
        return f"{patch.name} of {patch.module}"
    return f"{patch.module}.{patch.name}"


def _is_of_mock(reference: Reference) -> bool:
    """``module.MlflowClient.assert_called_once_with``: only a double has that."""
    use = reference.use
    return use is not None and any(attribute in MOCK_ATTRIBUTES for attribute in use.attributes)


def _last_part(group: Group) -> str:
    """The last word of the module's name, by which whatever names the module names it."""
    module = group.names.module or group.path.rpartition("/")[2].rpartition(".")[0]
    return module.rpartition(".")[2]


def _says(names: FileNames, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", names.document.text) is not None


def _asks_for_class(use: Use) -> bool:
    """``isinstance(x, MlflowClient)``, which fails when the class is a mock."""
    call = use.parent
    return isinstance(call, ast.Call) and call_name(call) in ("isinstance", "issubclass")
