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
        "radd", "rsub", "rmul", "enter", "exit", "hash", "abs",
    )
)  # fmt: skip
"""Methods with underscores that a class may define: those that only Python's own operators look up."""
KEPT = frozenset({"super", "print"})
"""Names that keep their meaning, for the guards count on it."""
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
        guarded = ast.fix_missing_locations(_Policy().visit(tree))
        return compile(guarded, PROGRAM_FILE, "exec", dont_inherit=True)
    except (RecursionError, MemoryError):
        raise ProgramRefused(TOO_DEEP, None) from None
    except ValueError as error:  # such as a null character
        raise SyntaxError(str(error)) from None


class _Policy(RestrictingNodeTransformer):
    """What RestrictedPython refuses, but for what learners need."""

    def __init__(self) -> None:
        super().__init__()
        self._inside = 0
        """How many functions, classes and loops are around the statement."""
        self._repeated = 0

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
        self.check_name(node, node.id)
        if not isinstance(node.ctx, ast.Load):
            self._check_kept(node, node.id)
        return node

    def _check_kept(self, node: ast.AST, name: str) -> None:
        if name in KEPT:
            self.error(node, f"`{name}` keeps its meaning here: choose another name.")

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        called = node.value.func if isinstance(node.value, ast.Call) else None
        if node.attr == "__init__" and isinstance(called, ast.Name) and called.id == "super":
            return self.node_contents_visit(node)
        if node.attr.startswith("_"):
            self.error(node, f"`.{node.attr}` begins with an underscore: such names cannot be used here.")
        return super().visit_Attribute(node)

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
        self._check_kept(node, node.name)
        for keyword in node.keywords:
            self.error(node, f"`{keyword.arg}` cannot be given to a class here.")
        node.body = _without_docstring(node.body)
        return self._within(node, super().visit_ClassDef)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> Any:
        self._check_kept(node, node.name or "")
        return super().visit_ExceptHandler(node)

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
        arguments = [ast.Constant(node.lineno), given.value, ast.Constant(top)]
        shown = ast.Expr(ast.Call(ast.Name("_show_", ast.Load()), arguments, []))
        return ast.copy_location(shown, node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        return self.node_contents_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        """Of a name, as it is; `a.b += c` and `a[b] += c` become calls of guards."""
        operator = ast.Constant(type(node.op).__name__)
        target = node.target
        if isinstance(target, ast.Name):
            return self.node_contents_visit(node)
        if isinstance(target, ast.Attribute):
            self.check_name(target, target.attr)
            place: ast.expr = ast.Constant(target.attr)
            guard = "_augment_attribute_"
        else:
            place = self.visit(target.slice)
            guard = "_augment_item_"
        arguments = [operator, self.visit(target.value), place, self.visit(node.value)]
        call = ast.Expr(ast.Call(ast.Name(guard, ast.Load()), arguments, []))
        return ast.copy_location(call, node)

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
            taken.append(self._taken(node, alias.asname or name, name))
        return taken

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        module = "." * node.level + (node.module or "")
        if module not in MODULES:
            self.error(node, unknown_import(f"from {module} import ...", module))
        taken: list[ast.stmt] = []
        for alias in node.names:
            if alias.name not in MODULES[module].names:
                self.error(node, f"`from {module} import {alias.name}`: {module} has no `{alias.name}` here.")
            taken.append(self._taken(node, alias.asname or alias.name, module, alias.name))
        return taken

    def _taken(self, node: ast.stmt, name: str, module: str, attribute: str | None = None) -> ast.stmt:
        self.check_name(node, name)
        self._check_kept(node, name)
        arguments: list[ast.expr] = [ast.Constant(module), ast.Constant(attribute)]
        value = ast.Call(ast.Name("_import_", ast.Load()), arguments, [])
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
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return body[1:] or [ast.copy_location(ast.Pass(), first)]
    return body
