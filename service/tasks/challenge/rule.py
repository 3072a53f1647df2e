"""The challenge's rule, which is `datasets.integers.answer`, as a matrix and a bias, and as source code."""

import ast
import inspect
from functools import cache

import numpy as np

from datasets.integers import answer

RULE_BIAS = answer(np.zeros((1, 3), dtype=np.int64))[0]
RULE_WEIGHT = (answer(np.eye(3, dtype=np.int64)) - RULE_BIAS).T
"""answer(vectors) is vectors @ RULE_WEIGHT.T + RULE_BIAS."""


@cache
def rule_source() -> str:
    """`answer` as a reader is to see it: without annotations and docstring."""
    (function,) = ast.parse(inspect.getsource(answer)).body
    assert isinstance(function, ast.FunctionDef)
    function.returns, function.body = None, function.body[1:]
    for argument in function.args.args:
        argument.annotation = None
    return ast.unparse(function) + "\n"
