"""A pasted class as a spec. The text is parsed and followed, never run.

Read is what model code is made of: classes derived from ``nn.Module`` that use each other, layers
in lists and loops, helper functions, numbers and conditions that the text itself decides, and a
``forward`` that calls layers and the functions of ``models.source.functions``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flow.said import said
from models.shapes import Shape
from models.source.arithmetic import ValueProblem, bounded
from models.source.interpreter import Interpreter
from models.source.lines.follow import Lines, Start, starts_in
from models.source.lines.outside import NOTHING_GIVEN, Outside, outside
from models.source.site import Site
from models.source.syntax import TOO_DEEP, SourceError, at, dotted, parse
from models.source.unread import unread
from models.source.values import SCALARS, Class, Container, Data, Function, Instance, Scope, Value
from models.spec import INPUT, LayerSpec, ModelSpec

MODEL = "Model"
"""Name of a model that is no class."""
NOTHING = said(
    "there is no class, and no tensor that is written out and on which a layer is called. Paste a "
    "subclass of nn.Module, or lines such as x = torch.ones(1, 1, 2, 2) and "
    "nn.Upsample(scale_factor=2)(x)."
)


TORCHVISION = re.compile(r"(torchvision\.)?models\.[a-z]+[0-9a-z_]*$")
FROM_TORCHVISION = said(
    "is a network of torchvision, and only what the text itself writes out is read. Paste its "
    "class; the lesson on dilation has ResNet-18, 50 and 101."
)


@dataclass(frozen=True)
class Reading:
    """A model that was read, and the line of the text that calls each of its layers."""

    spec: ModelSpec
    lines: Mapping[str, int]
    sized: bool = False
    """Whether the text asks for sizes of its tensors, be it without need."""
    shape: Shape | None = None
    """Of the input of which these sizes were; None where they are of any input."""
    start: str = ""
    """The tensor with which lines begin that are no class; empty for a class."""
    body: tuple[ast.stmt, ...] = ()
    """The statements of the text."""
    unread: frozenset[ast.stmt] = frozenset()
    """Those that say nothing of the model."""
    given: Outside = NOTHING_GIVEN
    """What the text feeds the model, and the loss that it takes."""


class SizeError(SourceError):
    """A text that takes sizes from its tensors, which nothing but an input's shape can tell."""

    def __init__(self, error: SourceError, layers: tuple[LayerSpec, ...]) -> None:
        super().__init__(error.line, error.problem, error.column)
        self.layers = layers
        """Those that were called before."""
        self.steps = error.steps


def from_source(
    text: str, name: str | None = None, arguments: Mapping[str, object] | None = None
) -> ModelSpec:
    """Return the model that a text describes; SourceError says what is not supported.

    Args:
        text: Python source.
        name: which of its classes (``classes_in`` lists them), or which function or variable
            that makes a model; None for the last class that no other class uses.
        arguments: values of the constructor's arguments, instead of its defaults.

    """
    return read_source(text, name, arguments).spec


def read_source(
    text: str,
    name: str | None = None,
    arguments: Mapping[str, object] | None = None,
    written: str = "",
    shape: Shape | None = None,
) -> Reading:
    """Do the same, and tell where each layer is called.

    ``written`` are arguments as they stand in a call, such as ``Block, [2, 2], classes=5``. They
    may name what the text defines, and are followed like the rest of it. With the ``shape`` of an
    input, sizes that a text takes from its tensors are the numbers that they are on that input.

    Raises SizeError where only such a shape can tell how to go on.
    """
    tree = parse(text)
    interpreter = Interpreter(tree, shape)
    starts = starts_in(tree)
    start = _start(starts, interpreter, name)
    if start:
        return _of_lines(tree, start, starts[start], shape)
    try:
        reading = _followed(tree, interpreter, name, dict(arguments or {}), written)
        return replace(reading, shape=shape)
    except SourceError as error:
        error.steps = interpreter.steps
        if interpreter.network.sizes_wanted:
            raise SizeError(error, tuple(interpreter.network.layers.values())) from None
        raise


def _start(starts: Mapping[str, Start], interpreter: Interpreter, name: str | None) -> str:
    """Return the tensor with which lines begin that are no class; empty where there is a class."""
    if name or not starts:
        return name if name and name in starts else ""
    return "" if chosen_name(interpreter) else next(iter(starts))


def _of_lines(tree: ast.Module, name: str, start: Start, shape: Shape | None) -> Reading:
    """Return what lines without a class make of a tensor, in the shape that the text gives it."""
    shape = shape or start.tensor.shape
    lines = Lines(tree, name, start, shape)
    try:
        output, given, left = lines.follow()
        spec = lines.network.spec(MODEL, output.layer, lines.end)
    except ValueProblem as problem:
        raise SourceError(lines.line, str(problem)) from None
    except RecursionError:
        raise SourceError(lines.line, TOO_DEEP) from None
    layers = lines.network.lines()
    return Reading(spec, layers, False, shape, name, tuple(tree.body), left, given)


def _followed(
    tree: ast.Module,
    interpreter: Interpreter,
    name: str | None,
    arguments: dict[str, object],
    written: str,
) -> Reading:
    try:
        place = _chosen(tree, interpreter, name)
        call = _call(place, written) if written.strip() else None
        spec = _read(interpreter, place, arguments, call)
        return Reading(
            spec,
            interpreter.network.lines(),
            interpreter.network.sizes_wanted,
            body=tuple(tree.body),
            unread=unread(tree),
            given=outside(tree, place.id),
        )
    except ValueProblem as problem:
        raise SourceError(interpreter.line, str(problem)) from None
    except RecursionError:
        raise SourceError(interpreter.line, TOO_DEEP) from None


def _call(place: ast.Name, written: str) -> ast.Call:
    """Return the call of a name with these arguments; every part of it at the name's place."""
    problem = SourceError(
        place.lineno,
        said(
            "arguments: write them as in a call, such as 3, classes=10. {written!r}",
            written=written[:60],
        ),
    )
    try:
        tree = parse(f"({place.id})({written}\n)")
    except SourceError as error:
        raise problem from error
    found = tree.body[0] if len(tree.body) == 1 else None
    call = found.value if isinstance(found, ast.Expr) else None
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != place.id:
        raise problem
    for node in ast.walk(call):
        if isinstance(node, ast.expr | ast.keyword):
            ast.copy_location(node, place)
    return call


def classes_in(text: str) -> tuple[str, ...]:
    """Return the classes of a text that are modules, in its order; SourceError when unreadable."""
    return tuple(made.name for made in Interpreter(parse(text)).program.classes())


def _chosen(tree: ast.Module, interpreter: Interpreter, name: str | None) -> ast.Name:
    """Return the name whose value makes the model, at the place where it is defined."""
    name = name or chosen_name(interpreter)
    if not name:
        raise _nothing(tree)
    for statement in tree.body:
        names = {getattr(statement, "name", ""), *_targets(statement)}
        if name in names:
            return ast.copy_location(ast.Name(name, ast.Load()), statement)
    raise SourceError(
        1, said("there is no class {name!r}. Choose one that the text defines.", name=name[:40])
    )


def _nothing(tree: ast.Module) -> SourceError:
    """Say that a text has no model, and where it takes one from torchvision."""
    for node in ast.walk(tree):
        name = dotted(node) if isinstance(node, ast.expr) else ""
        if TORCHVISION.match(name):
            return at(node, said("{name} {why}", name=name[:60], why=FROM_TORCHVISION))
    return SourceError(1, NOTHING)


def chosen_name(interpreter: Interpreter) -> str:
    """Return the last class that no other class uses, or a Sequential; empty without any."""
    classes = interpreter.program.classes()
    used = {word for one in classes for word in _words(one.node) if word != one.name}
    free = [one.name for one in classes if one.name not in used]
    candidates = free or [one.name for one in classes]
    candidates = candidates or interpreter.program.assigned("torch.nn.Sequential")
    return candidates[-1] if candidates else ""


def _words(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _targets(statement: ast.stmt) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _read(
    interpreter: Interpreter, name: ast.Name, arguments: dict[str, object], call: ast.Call | None
) -> ModelSpec:
    """Make the model, follow its forward, and return what it called."""
    for value in arguments.values():
        _check_argument(value)
    place: ast.AST = name
    with interpreter.placed(place):
        made = interpreter.evaluate(call or name, Scope())
        if isinstance(made, Class) and not arguments and _needs_arguments(made):
            made = _made_elsewhere(interpreter, made)
        if isinstance(made, Class):
            made = interpreter.instantiate(made, [], arguments)
        elif isinstance(made, Function):
            made = interpreter.call_function(made, None, [], arguments)
        if not isinstance(made, Instance | Container):
            raise ValueProblem(said("{id} is no model. Choose a class.", id=name.id))
        interpreter.network.name_modules(made)
        interpreter.running = True
        site = Site(interpreter.network, place)
        place = _end_of_forward(interpreter, made, place)
        output = interpreter.call_module(made, [Data(INPUT)], {}, site)
    if isinstance(output, list | tuple):
        raise at(
            place, said("forward returns {count} values. Return one of them.", count=len(output))
        )
    if not isinstance(output, Data):
        raise at(place, said("forward must end with return and the output of a layer."))
    title = made.definition.name if isinstance(made, Instance) else MODEL
    return interpreter.network.spec(title, output.layer, place)


def _end_of_forward(
    interpreter: Interpreter, made: Instance | Container, place: ast.AST
) -> ast.AST:
    """Return the last statement of the model's own forward; SourceError when it takes more."""
    found = interpreter.find(made.definition, "forward") if isinstance(made, Instance) else None
    if not isinstance(found, Function):
        return place
    takes = found.node.args
    if len(takes.args) - len(takes.defaults) > 2 or takes.posonlyargs:
        raise at(found.node, said("forward must take self and one input."))
    return found.node.body[-1]


def _needs_arguments(made: Class) -> bool:
    """Whether the constructor has arguments without defaults."""
    for one in made.lineage():
        for statement in one.node.body:
            if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
                return len(statement.args.args) - len(statement.args.defaults) > 1
    return False


def _made_elsewhere(interpreter: Interpreter, made: Class) -> Value:
    """Return the object that the text's own ``model = Net(...)`` makes; else the class.

    Without such a line, a function without arguments that returns such a call is taken.
    """
    calls = list(interpreter.program.calls_of(made.name))
    if calls:
        return interpreter.evaluate(calls[-1], Scope())
    makers = interpreter.program.makers_of(made.name)
    return interpreter.call_function(makers[0], None, [], {}) if makers else made


def _check_argument(value: object) -> None:
    parts = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(part, SCALARS) for part in parts):
        raise ValueProblem(said("arguments must be numbers, texts or lists of them."))
    bounded(value)
