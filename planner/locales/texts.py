"""What the program says, found in its source: every text that a reader may see, with where it stands.

Texts are found where they are spoken: ``message("…")``, ``X.because("…")``, ``counted("…", "…", n)``,
``speaker("…")`` and the labels of every ``StrEnum``. A text may also stand in a constant or a table at the
top of the same file, be handed to a function of the same file that speaks it, or be a field of a value that is
called like its class (``speaker(column.heading)``); anything else that is spoken is reported as unclear.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from planner.vocabulary import ENGLISH

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "planner", "ui")

#: Calls that speak, by the name or the attribute that is called; ``self("…")`` is a ``Speaker`` speaking.
SPEAKING = frozenset({"message", "Message", "Sentence", "because", "counted", "speaker", "self", "say", "tell", "_"})
#: Of these the first argument may be a message already, made elsewhere.
PASSING = frozenset({"say", "Message", "Sentence", "_"})
#: Vocabulary that no reader sees: names for scripts, states of the machinery.
UNSPOKEN: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """A text as the source says it: its file and line, its plural and context where it has one."""

    file: str
    line: int
    id: str
    plural: str | None = None
    context: str | None = None

    @property
    def key(self) -> tuple[str, str | None]:
        return (self.id, self.context)


@dataclasses.dataclass(frozen=True, slots=True)
class Unclear:
    """A place that speaks what cannot be read from the source."""

    file: str
    line: int
    source: str


def source_files(root: Path = ROOT) -> tuple[Path, ...]:
    """Every Python file of the three rooms."""
    return tuple(path for room in ROOMS for path in sorted((root / room).rglob("*.py")))


def texts(paths: Iterable[Path], root: Path = ROOT) -> Iterator[Text | Unclear]:
    """Everything that these files say."""
    modules = [
        _Module(path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in paths
    ]
    tables = {name: fields for module in modules for name, fields in module.tables.items()}
    spoken = {pair for module in modules for pair in module.fields_said(tables)}
    for module in modules:
        yield from module.said(tables)
        yield from module.filled_in(tables, spoken)
        yield from module.labels()


class _Module:
    """One file, with what is needed to read what it says."""

    def __init__(self, file: str, tree: ast.Module) -> None:
        self.file = file
        self.calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        self.classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        self.known = {**_looped(tree), **_constants(tree)}
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        self.makers = {id(call): function for function in functions for call in _calls(function)}

    @property
    def tables(self) -> dict[str, tuple[str, ...]]:
        """The fields of each class, in order: a table of texts may be made of such values."""
        return {
            node.name: tuple(
                item.target.id
                for item in node.body
                if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
            )
            for node in self.classes
        }

    def said(self, tables: Mapping[str, tuple[str, ...]]) -> Iterator[Text | Unclear]:
        """What the calls of this file speak."""
        for call in self.calls:
            called = _name(call.func)
            if called not in SPEAKING or not call.args:
                continue
            if called == "counted" and len(call.args) > 1:
                yield from self._counted(call)
                continue
            maker = self.makers.get(id(call))
            found = [*_literals(call.args[0], self.known), *self._handed(call.args[0], maker)]
            yield from (Text(self.file, call.lineno, text) for text in found)
            defining = maker is not None and maker.name in SPEAKING
            if not (found or defining or called in PASSING or _field(call.args[0], tables)):
                yield Unclear(self.file, call.lineno, ast.unparse(call.args[0])[:80])

    def _counted(self, call: ast.Call) -> Iterator[Text | Unclear]:
        singular, plural = (list(_literals(arg, self.known)) for arg in call.args[:2])
        if len(singular) == len(plural) == 1:
            yield Text(self.file, call.lineno, singular[0], plural[0])
        elif (maker := self.makers.get(id(call))) is None or maker.name not in SPEAKING:
            yield Unclear(self.file, call.lineno, ast.unparse(call.args[0])[:80])

    def _handed(self, arg: ast.expr, maker: ast.FunctionDef | None) -> Iterator[str]:
        """The texts that callers in the same file hand to the function which speaks them."""
        if maker is None or not isinstance(arg, ast.Name):
            return
        names = [parameter.arg for parameter in (*maker.args.posonlyargs, *maker.args.args)]
        bound = names[1:] if names[:1] in (["self"], ["cls"]) else names
        for call in self.calls:
            if _name(call.func) == maker.name and (given := _given(call, bound).get(arg.id)) is not None:
                yield from _literals(given, self.known)

    def fields_said(self, tables: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
        """The fields that are spoken of a value which is called like its class: ``speaker(column.heading)``."""
        for call in self.calls:
            if _name(call.func) in SPEAKING - PASSING and call.args and (pair := _field(call.args[0], tables)):
                yield pair

    def filled_in(
        self, tables: Mapping[str, tuple[str, ...]], spoken: Collection[tuple[str, str]]
    ) -> Iterator[Text | Unclear]:
        """The texts with which values are made whose fields are spoken somewhere."""
        for call in self.calls:
            name = _name(call.func)
            for field in tables.get(name, ()):
                given = _given(call, tables[name]).get(field)
                if (name, field) in spoken and given is not None:
                    found = list(_literals(given, self.known))
                    yield from (Text(self.file, call.lineno, text) for text in found)
                    if not found and not (isinstance(given, ast.Constant) and given.value == ""):
                        yield Unclear(self.file, call.lineno, ast.unparse(given)[:80])

    def labels(self) -> Iterator[Text]:
        """The labels of every ``StrEnum``, under its name as context."""
        for node in self.classes:
            if node.name in UNSPOKEN or not any(_name(base) == "StrEnum" for base in node.bases):
                continue
            english = ENGLISH.get(node.name, {})
            for member in node.body:
                match member:
                    case ast.Assign(targets=[ast.Name()], value=ast.Constant(value=str(value))):
                        label = english.get(value) or value.replace("_", " ")
                        yield Text(self.file, member.lineno, label, context=node.name)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))


def _given(call: ast.Call, names: Sequence[str]) -> dict[str, ast.expr]:
    """The arguments of a call by the names of the parameters."""
    return dict(zip(names, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}


def _field(node: ast.expr, tables: Mapping[str, tuple[str, ...]]) -> tuple[str, str] | None:
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=field):
            return next(((kind, field) for kind, has in tables.items() if kind.lower() == name and field in has), None)
    return None


def _name(func: ast.expr) -> str:
    match func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
    return ""


def _literals(node: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[str]:
    """The texts that an expression can be."""
    match node:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _literals(body, constants)
            yield from _literals(orelse, constants)
        case ast.Name(id=name) if name in constants:
            yield from _literals(constants[name], {})
        case ast.Subscript(value=ast.Name(id=name)) if name in constants:
            yield from _literals(constants[name], {})
        case ast.Dict(values=values):
            for value in values:
                yield from _literals(value, constants)
        case ast.Tuple(elts=values) | ast.List(elts=values):
            for value in values:
                yield from _literals(value, constants)


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """What stands at the top of a file under a name."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found[name] = value
    return found


def _looped(tree: ast.Module) -> dict[str, ast.expr]:
    """What a loop variable goes through, where that is written out in the loop."""
    found: dict[str, ast.expr] = {}
    for node in ast.walk(tree):
        match node:
            case ast.For(target=target, iter=ast.Tuple() | ast.List() as items):
                found |= _columns(target, items)
            case ast.comprehension(target=target, iter=ast.Tuple() | ast.List() as items):
                found |= _columns(target, items)
    return found


def _columns(target: ast.expr, items: ast.Tuple | ast.List) -> dict[str, ast.expr]:
    match target:
        case ast.Name(id=name):
            return {name: items}
        case ast.Tuple(elts=names):
            rows = [row.elts for row in items.elts if isinstance(row, ast.Tuple) and len(row.elts) == len(names)]
            return {
                name.id: ast.Tuple(elts=[row[place] for row in rows])
                for place, name in enumerate(names)
                if isinstance(name, ast.Name)
            }
    return {}
