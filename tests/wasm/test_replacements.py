"""What stands in for fma where wasm has none rounds once, as Numba's fma does: compiled for this machine, to be called."""

import ctypes
from collections.abc import Callable, Iterator
from fractions import Fraction

import llvmlite.binding as llvm
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numba import njit

from service.engines.lanes import fma
from wasm.build import FOLDER

ENTRIES = """
define float @one(float %a, float %b, float %c) {
  %sum = call float @fma.f32(float %a, float %b, float %c)
  ret float %sum
}
define double @error(double %a, double %b) {
  %product = fmul double %a, %b
  %minus = fneg double %product
  %error = call double @fma.f64(double %a, double %b, double %minus)
  ret double %error
}
define <16 x i8> @shuffled(<16 x i8> %low, <16 x i8> %high,
  i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32) {
  %both = shufflevector <16 x i8> %low, <16 x i8> %high, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6,
    i32 7, i32 16, i32 17, i32 18, i32 19, i32 20, i32 21, i32 22, i32 23>
  ret <16 x i8> %both
}
"""
"""The functions to call, and what wasm alone has an instruction for."""

Function = Callable[..., float]
float32 = st.floats(width=32, allow_nan=False)
powers = st.floats(1e-30, 1)


@pytest.fixture(scope="module")
def compiled() -> Iterator[dict[str, Function]]:
    """The functions of ENTRIES."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    texts = [(FOLDER / name).read_text(encoding="utf-8") for name in ("common.ll", "exact.ll")]
    without = "".join(texts).split("declare <16 x i8> @llvm.wasm.shuffle(")[0]
    module = llvm.parse_assembly(without.replace("@llvm.wasm.shuffle", "@shuffled") + ENTRIES)
    machine = llvm.Target.from_default_triple().create_target_machine()
    with llvm.create_mcjit_compiler(module, machine) as engine:
        engine.finalize_object()
        real, double = ctypes.c_float, ctypes.c_double
        yield {
            "one": ctypes.CFUNCTYPE(real, real, real, real)(engine.get_function_address("one")),
            "error": ctypes.CFUNCTYPE(double, double, double)(engine.get_function_address("error")),
        }


@njit
def rounded_once(a: float, b: float, c: float) -> float:
    return fma(np.float32(a), np.float32(b), np.float32(c))


def assert_it_rounds_once(compiled: dict[str, Function], a: float, b: float, c: float) -> None:
    found, wanted = np.float32(compiled["one"](a, b, c)), np.float32(rounded_once(a, b, c))
    assert found.tobytes() == wanted.tobytes() or (np.isnan(found) and np.isnan(wanted))


@settings(max_examples=1000)
@given(a=float32, b=float32, c=float32)
@example(a=1 + 2**-12, b=1 + 2**-12, c=2.0**-60)  # just above the middle, where float64 says the middle
@example(a=2.0**-80, b=2.0**-80, c=0.0)  # too small for float32
@example(a=2.0**-80, b=-(2.0**-70), c=2.0**-149)  # in the middle between the smallest number and 0
@example(a=2.0**64, b=2.0**63, c=2.0**127)  # above the largest
@example(a=3.4028234663852886e38, b=1.0, c=1.014120480182584e31)  # just not above it
def test_a_product_and_a_sum_round_once(compiled: dict[str, Function], a: float, b: float, c: float) -> None:
    assert_it_rounds_once(compiled, a, b, c)


# Factors whose product is next to 1: (1 + x) * (1 - x + x * x) = 1 + x ** 3, and (1 + x) * (1 - x) = 1 - x * x.
ABOVE = [(1 + x, 1 - x + x * x) for x in (2.0**-10, 2.0**-11)]
BELOW = [(1 + x, 1 - x) for x in (2.0**-15, 2.0**-19, 2.0**-23)]


@settings(max_examples=2000)
@given(
    c=st.floats(-(2.0**100), 2.0**100, width=32),
    factors=st.sampled_from([*ABOVE, *BELOW, (1.0, 1.0)]),
    sign=st.sampled_from([-1, 1]),
)
@example(c=2.0**-127, factors=ABOVE[0], sign=1)  # subnormal, of odd and of even last bit
@example(c=2.0**-127 + 2.0**-149, factors=BELOW[0], sign=1)
@example(c=-(2.0**-126), factors=ABOVE[0], sign=1)  # rounded up to the smallest that is not subnormal
@example(c=1.0, factors=ABOVE[1], sign=1)
@example(c=1 + 2.0**-23, factors=BELOW[0], sign=1)
def test_so_they_do_around_the_middle_between_two_numbers(
    compiled: dict[str, Function], c: float, factors: tuple[float, float], sign: int
) -> None:
    _, exponent = np.frexp(np.spacing(np.float32(c)))
    first = int(exponent - 2) // 2  # half a spacing is a power of two: a part of it to each factor
    a, b = factors[0] * 2.0**first, factors[1] * 2.0 ** int(exponent - 2 - first)
    assert_it_rounds_once(compiled, sign * a, b, c)


@settings(max_examples=1000)
@given(a=powers, b=powers)
def test_the_error_of_a_product_is_exact(compiled: dict[str, Function], a: float, b: float) -> None:
    assert Fraction(compiled["error"](a, b)) == Fraction(a) * Fraction(b) - Fraction(a * b)
