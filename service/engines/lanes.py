"""Lanes: eight float32 numbers side by side, as a type that Numba compiles to vector instructions.

Numba leaves it to LLVM whether a loop over floats becomes vector code, and LLVM may not reorder a sum
to make it one. Here the eight lanes, and the order in which they are summed, are written down. So a
kernel is fast by construction, and gives the same bits on every machine: each operation below is one
IEEE 754 operation a lane, none carries a fast-math flag, and where a multiplication and an addition
are to round once, `fma` says so; the compiler contracts nothing by itself.

How Numba is extended: https://numba.readthedocs.io/en/stable/extending/index.html
"""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, models, overload, register_model

LANE_COUNT = 8
INLINE: Any = {"forceinline": True}
"""Numba's options for what is to be compiled into its caller."""

_FLOAT = ir.FloatType()
_VECTOR = ir.VectorType(_FLOAT, LANE_COUNT)
_INT = ir.IntType(32)
_UNDEFINED = ir.Constant(_VECTOR, ir.Undefined)

Codegen = Callable[[Any, Any, Any, Any], Any]


def operation(build: Callable[..., tuple[Any, Codegen]]) -> Callable[..., Any]:
    """Numba's `intrinsic`, which takes the first parameter away: compiled code calls without it."""
    return intrinsic(build)


class LanesType(types.Type):
    """The Numba type of eight float32 lanes."""

    def __init__(self) -> None:
        super().__init__("Lanes")


LANES = LanesType()


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, numba_type: LanesType) -> None:
        super().__init__(manager, numba_type, _VECTOR)


# Memory. There is no bounds check and no counting from the end: an index is an offset from the start.


def _address(context: Any, builder: Any, signature: Any, arguments: Sequence[Any], kind: ir.Type) -> Any:
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    return builder.bitcast(builder.gep(array.data, [arguments[1]]), kind.as_pointer())


@operation
def load(_context: Any, array: Any, index: Any) -> tuple[Any, Codegen]:
    """The eight numbers of a float32 array from `index` on."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_address(context, builder, signature, arguments, _VECTOR), align=4)

    return LANES(array, index), codegen


@operation
def number(_context: Any, array: Any, index: Any) -> tuple[Any, Codegen]:
    """The number of a float32 array at `index`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_address(context, builder, signature, arguments, _FLOAT))

    return types.float32(array, index), codegen


@operation
def store(_context: Any, array: Any, index: Any, lanes: Any) -> tuple[Any, Codegen]:
    """Write the lanes to a float32 array, from `index` on."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = _address(context, builder, signature, arguments, _VECTOR)
        builder.store(arguments[2], address, align=4)
        return context.get_dummy_value()

    return types.void(array, index, lanes), codegen


def get(array: Any, index: Any, like: Any) -> Any:
    """The number of a float32 array at `index`, or the Lanes from there on if `like` is Lanes."""


def put(array: Any, index: Any, value: Any) -> None:
    """Write a number, or Lanes, to a float32 array."""


@overload(get, strict=False, jit_options=INLINE)
def _get(array: Any, index: Any, like: Any) -> Any:
    if like is LANES:
        return lambda array, index, like: load(array, index)
    return lambda array, index, like: array[index]


@overload(put, strict=False, jit_options=INLINE)
def _put(array: Any, index: Any, value: Any) -> Any:
    if value is LANES:
        return lambda array, index, value: store(array, index, value)

    def number(array: Any, index: Any, value: Any) -> None:
        array[index] = value

    return number


@operation
def repeat(_context: Any, array: Any, index: Any) -> tuple[Any, Codegen]:
    """The number at `index` of a float32 array, in all lanes."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _splat(builder, builder.load(_address(context, builder, signature, arguments, _FLOAT)))

    return LANES(array, index), codegen


@operation
def every(_context: Any, array: Any, index: Any, stride: Any, count: Any) -> tuple[Any, Codegen]:
    """`count` numbers of a float32 array, one to eight, from `index` on, `stride` apart; then zeros."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, index, stride, count = arguments
        last, lanes = builder.sub(count, count.type(1)), _UNDEFINED
        for lane in map(count.type, range(LANE_COUNT)):
            nearest = builder.select(builder.icmp_signed("<", lane, last), lane, last)
            place = builder.add(index, builder.mul(nearest, stride))
            found = builder.load(_address(context, builder, signature, [array, place], _FLOAT))
            lanes = builder.insert_element(lanes, found, _INT(lane.constant))
        # This also makes one vector of them: LLVM would store eight numbers in halves, and an x86 has to
        # wait for two stores before it can load them as one.
        numbers = ir.Constant(_VECTOR, list(map(float, range(LANE_COUNT))))
        counted = builder.fcmp_ordered("<", numbers, _splat(builder, builder.sitofp(count, _FLOAT)))
        return builder.select(counted, lanes, ir.Constant(_VECTOR, [0.0] * LANE_COUNT))

    return LANES(array, types.intp, types.intp, types.intp), codegen


@operation
def filled(_context: Any, number: Any) -> tuple[Any, Codegen]:
    """A float32 number in all lanes."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _splat(builder, arguments[0])

    return LANES(types.float32), codegen


def _splat(builder: Any, number: Any) -> Any:
    return _shuffle(
        builder, builder.insert_element(_UNDEFINED, number, _INT(0)), _UNDEFINED, [0] * LANE_COUNT
    )


def _shuffle(builder: Any, first: Any, second: Any, lanes: Sequence[int]) -> Any:
    return builder.shuffle_vector(first, second, ir.Constant(ir.VectorType(_INT, LANE_COUNT), lanes))


# Arithmetic, on Lanes or on single numbers. A float32 number meets Lanes as if it stood in all of them.


def _elementwise(emit: Callable[[Any, Sequence[Any]], Any], *kinds: Any) -> tuple[Any, Codegen]:
    wide = LANES in kinds

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        same = [
            _splat(builder, argument) if wide and kind is not LANES else argument
            for kind, argument in zip(signature.args, arguments, strict=True)
        ]
        return emit(builder, same)

    if not wide:
        return kinds[0](*[kinds[0]] * len(kinds)), codegen
    return LANES(*[LANES if kind is LANES else types.float32 for kind in kinds]), codegen


def _call(name: str) -> Callable[[Any, Sequence[Any]], Any]:
    """Emit a call of an LLVM intrinsic function, for vectors or for single numbers."""
    suffixes = {_VECTOR: f"v{LANE_COUNT}f32", _FLOAT: "f32", ir.DoubleType(): "f64"}

    def emit(builder: Any, arguments: Sequence[Any]) -> Any:
        kind = arguments[0].type
        function_type = ir.FunctionType(kind, [kind] * len(arguments))
        full_name = f"{name}.{suffixes[kind]}"
        return builder.call(
            cgutils.get_or_insert_function(builder.module, function_type, full_name), arguments
        )

    return emit


@operation
def fma(_context: Any, a: Any, b: Any, c: Any) -> tuple[Any, Codegen]:
    """The sum a * b + c, rounded once (https://llvm.org/docs/LangRef.html#llvm-fma-intrinsic)."""
    return _elementwise(_call("llvm.fma"), a, b, c)


@operation
def root(_context: Any, a: Any) -> tuple[Any, Codegen]:
    """The square root, correctly rounded."""
    return _elementwise(_call("llvm.sqrt"), a)


@operation
def zero_unless_positive(_context: Any, condition: Any, lanes: Any) -> tuple[Any, Codegen]:
    """`lanes`, but 0 where `condition` is 0 or less; a NaN there counts as positive, as in torch."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        zero = ir.Constant(_VECTOR, [0.0] * LANE_COUNT)
        return builder.select(builder.fcmp_ordered("<=", arguments[0], zero), zero, arguments[1])

    return LANES(condition, lanes), codegen


def _give_operator(python_operator: Any, instruction: str) -> None:
    @operation
    def binary(_context: Any, a: Any, b: Any) -> tuple[Any, Codegen]:
        return _elementwise(lambda builder, both: getattr(builder, instruction)(*both), a, b)

    @overload(python_operator, strict=False, jit_options=INLINE)
    def typed(a: Any, b: Any) -> Any:
        return (lambda a, b: binary(a, b)) if LANES in (a, b) else None


for _operator, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _give_operator(_operator, _instruction)


# Across lanes, always in the same order: neighbours first, then pairs, then halves.


@operation
def total(_context: Any, lanes: Any) -> tuple[Any, Codegen]:
    """The sum of the eight lanes, a float32 number."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (summed,) = arguments
        for distance in (1, 2, 4):
            swapped = [lane ^ distance for lane in range(LANE_COUNT)]
            summed = builder.fadd(summed, _shuffle(builder, summed, _UNDEFINED, swapped))
        return builder.extract_element(summed, _INT(0))

    return types.float32(lanes), codegen


@operation
def totals(_context: Any, a: Any, b: Any, c: Any, d: Any) -> tuple[Any, Codegen]:
    """[total(a), total(b), total(c), total(d)], twice."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def fold(first: Any, second: Any, ours: Sequence[int], theirs: Sequence[int]) -> Any:
            left = _shuffle(builder, first, second, ours)
            return builder.fadd(left, _shuffle(builder, first, second, theirs))

        first, second, third, fourth = arguments
        even, odd = [0, 8, 2, 10, 4, 12, 6, 14], [1, 9, 3, 11, 5, 13, 7, 15]
        ab, cd = fold(first, second, even, odd), fold(third, fourth, even, odd)
        abcd = fold(ab, cd, [0, 1, 8, 9, 4, 5, 12, 13], [2, 3, 10, 11, 6, 7, 14, 15])
        return fold(abcd, abcd, list(range(LANE_COUNT)), [4, 5, 6, 7, 0, 1, 2, 3])

    return LANES(a, b, c, d), codegen


@operation
def halves(_context: Any, first: Any, second: Any) -> tuple[Any, Codegen]:
    """The first four lanes of `first`, then the last four of `second`."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        left, right = arguments
        return _shuffle(builder, left, right, [0, 1, 2, 3, 12, 13, 14, 15])

    return LANES(first, second), codegen
