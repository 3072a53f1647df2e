"""The first wall: what a program may say. What it may reach while it runs is in `guards`.

RestrictedPython turns each access of an attribute or item, each loop and each write into a call of a guard,
and refuses names that begin with "_" (https://restrictedpython.readthedocs.io). Here it is let allow what
learners write, and each value of a line that holds just an expression is shown.
"""

import ast
from collections.abc import Callable
from types import CodeType
from typing import Any, NoReturn, TypeVar

from RestrictedPython.transformer import RestrictingNodeTransformer

from service.sandbox.names import MODULES, unknown_import

PROGRAM_FILE = "program.py"
DEFINABLE = frozenset(
    f"__{name}__"
    for name in (
        "init", "len", "getitem", "call", "repr", "str", "iter", "next", "contains", "bool", "float",
        "int", "lt", "le", "eq", "ne", "gt", "ge", "add", "sub", "mul", "truediv", "pow", "neg",
        "radd", "rsub", "rmul", "enter", "exit", "hash", "abs", "setitem", "delitem", "reversed", "pos",
        "floordiv", "mod", "matmul", "rtruediv", "rpow", "iadd", "isub", "imul", "itruediv", "round",
    )
)  # fmt: skip
"""Methods with underscores that a class may define: those that only Python's own operators look up."""
NOT_REDEFINED = frozenset({"super", "print"})
"""Names that keep their meaning, for the guards count on it."""
SAYABLE = frozenset({"__init__", "__name__", "__version__"})
"""Attributes with underscores that a program may read, of what has them."""
REFUSED = {
    **dict.fromkeys(("open", "input"), ": it has no files, and nobody to ask"),
    **dict.fromkeys(("exec", "eval", "compile"), ": write the code itself"),
    **dict.fromkeys(
        ("globals", "locals", "vars", "dir", "setattr", "delattr", "help", "breakpoint", "memoryview",
         "bytearray", "bytes", "BaseException", "exit", "quit"), ""
    ),
}  # fmt: skip
"""Python's names that a program does not have, unless it gives them a meaning; and what to do instead."""
TOO_DEEP = "The program is nested too deeply."

Node = TypeVar("Node", bound=ast.AST)


class ProgramRefused(Exception):
    """The program says what is not allowed here."""

    def __init__(self, sentence: str, line: int | None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line


def compile_program(source: str) -> CodeType:
    """The program, with its guards. Raises SyntaxError as Python does, and ProgramRefused."""
    try:
        tree = ast.parse(source, PROGRAM_FILE)
        guarded = ast.fix_missing_locations(_Policy(_bound_names(tree)).visit(tree))
        return compile(guarded, PROGRAM_FILE, "exec", dont_inherit=True)
    except (RecursionError, MemoryError):
        raise ProgramRefused(TOO_DEEP, None) from None
    except ValueError as error:  # such as a null character
        raise SyntaxError(str(error)) from None


class _Policy(RestrictingNodeTransformer):
    """What RestrictedPython refuses, but for what learners need."""

    def __init__(self, bound: set[str]) -> None:
        """`bound` are the names that the program gives a meaning itself."""
        super().__init__()
        self._bound = bound
        self._inside = 0
        """How many functions, classes and loops are around the statement."""

    def error(self, node: ast.AST, info: str) -> NoReturn:
        raise ProgramRefused(info, getattr(node, "lineno", None))

    def not_allowed(self, node: ast.AST) -> NoReturn:
        words = type(node).__name__
        self.error(node, f"{_SPELLED.get(words, words)} cannot be used in a program here.")

    def check_name(self, node: Any, name: str | None, allow_magic_methods: bool = False) -> None:
        if name is None or name == "_" or (allow_magic_methods and name in DEFINABLE):
            return
        if name.startswith("_") or name.endswith("__roles__"):
            self.error(node, f"`{name}` begins with an underscore: such names cannot be used here.")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        loaded = isinstance(node.ctx, ast.Load)
        if not (loaded and node.id == "__name__"):
            self.check_name(node, node.id)
        if not loaded:
            self._check_kept(node, node.id)
        elif node.id in REFUSED and node.id not in self._bound:
            self.error(node, f"`{node.id}` cannot be used in a program here{REFUSED[node.id]}.")
        return node

    def _check_kept(self, node: ast.AST, name: str) -> None:
        if name in NOT_REDEFINED:
            self.error(node, f"`{name}` keeps its meaning here: choose another name.")

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        """`a.b` becomes `_getattr_(a, "b")`, `a.b = c` becomes `_write_(a).b = c`."""
        loaded = isinstance(node.ctx, ast.Load)
        if node.attr == "__init__" and not _is_super(node.value):
            self.error(node, "`.__init__` can be written only as `super().__init__()` here.")
        if node.attr.startswith("_") and not (loaded and node.attr in SAYABLE):
            self.error(node, f"`.{node.attr}` begins with an underscore: such names cannot be used here.")
        node = self.node_contents_visit(node)
        if loaded:
            return _call(node, "_getattr_", node.value, ast.Constant(node.attr))
        node.value = _call(node.value, "_write_", node.value)
        return node

    def visit_Call(self, node: ast.Call) -> Any:
        return self.node_contents_visit(node)

    def visit_Assign(self, node: ast.Assign) -> Any:
        return self.node_contents_visit(node)

    def visit_With(self, node: ast.With) -> Any:
        return self.node_contents_visit(node)

    def guard_iter(self, node: Any) -> Any:
        """What a loop goes through becomes `_getiter_(...)`."""
        node = self.node_contents_visit(node)
        node.iter = _call(node.iter, "_getiter_", node.iter)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        self._check_kept(node, node.name)
        self._check_arguments(node.args)
        node.body = _without_docstring(node.body)
        return self._within(node, super().visit_FunctionDef)

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        self._check_arguments(node.args)
        return super().visit_Lambda(node)

    def _check_arguments(self, arguments: ast.arguments) -> None:
        given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for each in [*given, arguments.vararg, arguments.kwarg]:
            if each is not None:
                self._check_kept(each, each.arg)

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        self.check_name(node, node.name)
        self._check_kept(node, node.name)
        if node.keywords:
            self.error(node, "A class can be given nothing but the classes that it is made from here.")
        node.body = _without_docstring(node.body)
        node = self._within(node, self.node_contents_visit)
        node.keywords = [ast.keyword("metaclass", ast.Name("__metaclass__", ast.Load()))]
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> Any:
        """`except:` becomes `except _error_:`, which leaves out what ends a program."""
        self.check_name(node, node.name)
        self._check_kept(node, node.name or "")
        node = self.node_contents_visit(node)
        node.type = node.type or ast.Name("_error_", ast.Load())
        return node

    def visit_For(self, node: ast.For) -> Any:
        return self._within(node, super().visit_For)

    def visit_While(self, node: ast.While) -> Any:
        return self._within(node, super().visit_While)

    def _within(self, node: Node, visit: Callable[[Node], Any]) -> Any:
        self._inside += 1
        try:
            return visit(node)
        finally:
            self._inside -= 1

    def visit_Module(self, node: ast.Module) -> Any:
        return self.node_contents_visit(node)

    def visit_Expr(self, node: ast.Expr) -> Any:
        top = self._inside == 0
        value = node.value
        prints = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "print"
        given = self.node_contents_visit(node)
        if prints or isinstance(value, ast.Yield | ast.YieldFrom):
            return given
        shown = _call(node, "_show_", ast.Constant(node.lineno), given.value, ast.Constant(top))
        return ast.copy_location(ast.Expr(shown), node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        return self.node_contents_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        """`a.b += c` becomes `t = a; t.b = _operators_["Add"](t.b, c)`, with a guard for each; so `a[b]`."""
        target = node.target
        if isinstance(target, ast.Name):
            return self.node_contents_visit(node)
        owner, taken = self._taken(node, self.visit(target.value))
        changed = _call(target, "_write_", owner)
        if isinstance(target, ast.Attribute):
            self.check_name(target, target.attr)
            before = _call(target, "_getattr_", owner, ast.Constant(target.attr))
            place: ast.expr = ast.Attribute(changed, target.attr, ast.Store())
            statements = [taken]
        else:
            index, taken_index = self._taken(node, self.visit(target.slice))
            before = _call(target, "_getitem_", owner, index)
            place = ast.Subscript(changed, index, ast.Store())
            statements = [taken, taken_index]
        operation = ast.Subscript(
            ast.Name("_operators_", ast.Load()), ast.Constant(type(node.op).__name__), ast.Load()
        )
        after = ast.Call(operation, [before, self.visit(node.value)], [])
        return [*statements, ast.copy_location(ast.Assign([place], after), node)]

    def _taken(self, node: ast.stmt, value: ast.expr) -> tuple[ast.Name, ast.Assign]:
        """A name for the value, and the statement that gives it."""
        name = self.gen_tmp_name()
        return ast.Name(name, ast.Load()), ast.copy_location(
            ast.Assign([ast.Name(name, ast.Store())], value), node
        )

    def visit_Slice(self, node: ast.Slice) -> Any:
        return self.node_contents_visit(node)

    def visit_Global(self, node: ast.Global) -> ast.AST:
        return self._with_names(node)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.AST:
        return self._with_names(node)

    def _with_names(self, node: Any) -> ast.AST:
        for name in node.names:
            self.check_name(node, name)
            self._check_kept(node, name)
        return node

    def visit_Import(self, node: ast.Import) -> Any:
        taken: list[ast.stmt] = []
        for alias in node.names:
            if alias.name not in MODULES:
                self.error(node, unknown_import(f"import {alias.name}", alias.name))
            # As in Python, `import torch.nn` gives the name `torch`.
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            taken.append(self._imported(node, alias.asname or name, name))
        return taken

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        module = "." * node.level + (node.module or "")
        if module not in MODULES:
            self.error(node, unknown_import(f"from {module} import ...", module))
        taken: list[ast.stmt] = []
        for alias in node.names:
            if alias.name not in MODULES[module].names:
                self.error(node, f"`from {module} import {alias.name}`: {module} has no `{alias.name}` here.")
            taken.append(self._imported(node, alias.asname or alias.name, module, alias.name))
        return taken

    def _imported(self, node: ast.stmt, name: str, module: str, attribute: str | None = None) -> ast.stmt:
        self.check_name(node, name)
        self._check_kept(node, name)
        value = _call(node, "_import_", ast.Constant(module), ast.Constant(attribute))
        return ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], value), node)


_SPELLED = {
    "AsyncFunctionDef": "`async def`",
    "Await": "`await`",
    "AsyncFor": "`async for`",
    "AsyncWith": "`async with`",
    "TryStar": "`except*`",
    "Match": "`match`",
}
"""What is refused, as a program writes it."""


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """The body; a text that opens it is not a value to be shown."""
    first = body[0]
    said = first.value.value if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else 0
    if isinstance(said, str) or said is ...:
        return body[1:] or [ast.copy_location(ast.Pass(), first)]
    return body


def _is_super(value: ast.expr) -> bool:
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(called, ast.Name) and called.id == "super"


def _call(at: ast.AST, guard: str, *arguments: ast.expr) -> ast.Call:
    """A call of a guard, where `at` stands."""
    return ast.copy_location(ast.Call(ast.Name(guard, ast.Load()), list(arguments), []), at)


def _bound_names(tree: ast.AST) -> set[str]:
    """The names that a program gives a meaning itself, anywhere."""
    bound: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.alias(name=name, asname=given):
                bound.add(given or name.partition(".")[0])
            case _:
                pass
    return bound
