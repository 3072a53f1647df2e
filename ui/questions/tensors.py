"""Tensors: which shapes go together, and which types."""

from dataclasses import dataclass

from service import Calculation, calculate
from ui.questions.question import Question, computed

ERROR = "an error"


@dataclass(frozen=True)
class Shapes:
    """A matrix and a vector, multiplied entry by entry, and what that is mistaken for."""

    product: Calculation
    matrix_product: Calculation
    longer: Calculation
    """The matrix times the vector with one entry more."""


def shapes(matrix: str, vector: str) -> Question[Shapes]:
    """What `*` makes of a matrix and a vector."""
    shown = calculate(matrix, "*", vector)
    rows, columns = shown.left.shape
    size = shown.right.shape[0]
    same, summed = f"a {rows} x {max(columns, size)} matrix", f"a vector of {rows}"

    def run() -> Shapes:
        longer = f"{vector[:-1]}, 0]"
        return Shapes(shown, calculate(matrix, "@", vector), calculate(matrix, "*", longer))

    def right(found: Shapes) -> str:
        if found.product.result is None:
            return ERROR
        return same if len(found.product.result.shape) == 2 else summed

    def about_same(found: Shapes) -> str:
        if found.product.result is None:
            return (
                "Many think a vector meets the rows of any matrix, but torch compares the sizes from the "
                f"last: {columns} and {size}. It says: `{found.product.error}`."
            )
        return f"PyTorch prints `{_printed(found.product)}`: the vector meets every row, entry by entry."

    def about_summed(found: Shapes) -> str:
        return (
            "Many think `*` adds up each row, but that is the work of `@`. Here `@` gives "
            f"`{_printed(found.matrix_product)}`, and `*` gives `{_printed(found.product)}`."
        )

    def about_error(found: Shapes) -> str:
        if found.product.result is None:
            return (
                f"torch compares the sizes from the last, {columns} and {size}, and says: "
                f"`{found.product.error}`."
            )
        return (
            "Many think both must have the same shape, but the sizes are compared from the last, and one "
            f"that is missing fits: `{_printed(found.product)}`. With one entry more in the vector it is "
            f"`{_printed(found.longer)}`."
        )

    return Question(
        "shapes",
        "a matrix times a vector",
        f"What is tensor({matrix}) * tensor({vector})?",
        {summed: about_summed, same: about_same, ERROR: about_error},
        computed(run),
        right,
    )


def _printed(calculation: Calculation) -> str:
    if calculation.result is None:
        return f"RuntimeError: {calculation.error}"
    return " ".join(calculation.result.printed.split())


SHAPES = shapes("[[1, 2, 3], [4, 5, 6]]", "[10, 20, 30]")
SHAPES_AGAIN = (
    shapes("[[1, 2], [3, 4], [5, 6]]", "[10, 20, 30]"),
    shapes("[[2, 0, 1], [1, 1, 3]]", "[1, 2]"),
    shapes("[[1, 2], [3, 4], [5, 6]]", "[10, 20]"),
)


@dataclass(frozen=True)
class Types:
    """A matrix of integers with a vector of floats, and what does work."""

    mixed: Calculation
    added: Calculation
    """Integers + floats."""
    integers: Calculation
    floats: Calculation


FLOATS, INTEGERS = "a vector of floats", "a vector of integers"


def _types() -> Types:
    return Types(
        mixed=calculate("[[2, 0], [1, 3]]", "@", "[4., 5.]"),
        added=calculate("[2, 0]", "+", "[4., 5.]"),
        integers=calculate("[[2, 0], [1, 3]]", "@", "[4, 5]"),
        floats=calculate("[[2., 0.], [1., 3.]]", "@", "[4., 5.]"),
    )


def _right_type(found: Types) -> str:
    if found.mixed.result is None:
        return ERROR
    return FLOATS if "float" in found.mixed.result.dtype else INTEGERS


TYPES = Question(
    "types",
    "integers and floats",
    "What is tensor([[2, 0], [1, 3]]) @ tensor([4., 5.])? Mind the periods.",
    {
        FLOATS: lambda found: (
            "Many think integers turn into floats by themselves. With `+` they do: "
            f"`{_printed(found.added)}`. But `@` says: `{found.mixed.error}`."
        ),
        INTEGERS: lambda found: (
            "Many think the type of the first tensor decides, but `@` wants one type on both sides: "
            f"integers alone give `{_printed(found.integers)}`, floats alone `{_printed(found.floats)}`, "
            f"and the two together `{found.mixed.error}`."
        ),
        ERROR: lambda found: (
            f"`@` does not mix types: `{found.mixed.error}`. With periods in the matrix, too, it is "
            f"`{_printed(found.floats)}`."
        ),
    },
    computed(_types),
    _right_type,
)
