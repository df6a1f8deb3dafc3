"""What the program says, found in its source: every text that a reader may see, with where it stands.

Texts are found where they are spoken: ``message("…")``, ``X.because("…")``, ``counted("…", "…", n)``,
``speaker("…")`` and the labels of every ``StrEnum``. A text may also stand in a constant or a table at the
top of the same file; anything else that is spoken cannot be checked and is reported.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator, Mapping
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


def texts(path: Path, root: Path = ROOT) -> Iterator[Text | Unclear]:
    """Everything that a file says."""
    name = path.relative_to(root).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=name)
    constants = _constants(tree)
    makers = {id(call): function for function in _functions(tree) for call in _calls(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _spoken(node, constants, name, tree, makers.get(id(node)))
        elif isinstance(node, ast.ClassDef) and node.name not in UNSPOKEN:
            yield from _labels(node, name)


def _spoken(
    call: ast.Call, constants: Mapping[str, ast.expr], file: str, tree: ast.Module, maker: ast.FunctionDef | None
) -> Iterator[Text | Unclear]:
    called = _name(call.func)
    if called not in SPEAKING or not call.args:
        return
    if called == "counted" and len(call.args) > 1:
        singular, plural = (list(_literals(arg, constants)) for arg in call.args[:2])
        if len(singular) == len(plural) == 1:
            yield Text(file, call.lineno, singular[0], plural[0])
            return
    found = list(_literals(call.args[0], constants)) or list(_handed(call.args[0], maker, tree, constants))
    for text in found:
        yield Text(file, call.lineno, text)
    if not found and called not in PASSING and (maker is None or maker.name not in SPEAKING):
        yield Unclear(file, call.lineno, ast.unparse(call.args[0])[:80])


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))


def _handed(
    arg: ast.expr, maker: ast.FunctionDef | None, tree: ast.Module, constants: Mapping[str, ast.expr]
) -> Iterator[str]:
    """The texts that callers in the same file hand to the function which speaks them."""
    if maker is None or not isinstance(arg, ast.Name):
        return
    names = [parameter.arg for parameter in (*maker.args.posonlyargs, *maker.args.args)]
    bound = names[1:] if names[:1] in (["self"], ["cls"]) else names
    for call in _calls(tree):
        if _name(call.func) != maker.name:
            continue
        given = dict(zip(bound, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
        if arg.id in given:
            yield from _literals(given[arg.id], constants)


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


def _labels(node: ast.ClassDef, file: str) -> Iterator[Text]:
    """The labels of a ``StrEnum``, under its name as context."""
    if not any(_name(base) == "StrEnum" for base in node.bases):
        return
    english = ENGLISH.get(node.name, {})
    for member in node.body:
        match member:
            case ast.Assign(targets=[ast.Name()], value=ast.Constant(value=str(value))):
                label = english.get(value) or value.replace("_", " ")
                yield Text(file, member.lineno, label, context=node.name)
