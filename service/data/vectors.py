"""The vectors that a model is asked about."""

from pydantic import ValidationError

from service.errors import InvalidInput
from service.numbers import FLOAT32_MAX, HELD, OUTSIDE, Float32, spelled
from service.records import Record


def parse_vectors(vectors: object, length: int, most: int = 10_000) -> list[list[float]]:
    """Check that `vectors` is a list of 1 to `most` lists of `length` finite float32 numbers.

    A single vector, not in a list of its own, is taken as one. Raises InvalidInput naming the first vector
    or number that is wrong.
    """
    if not isinstance(vectors, list | tuple):
        raise InvalidInput("vectors", vectors, "a list of vectors, [[...], ...], or one vector")
    single = not isinstance(vectors[0], list | tuple) if vectors else length == 0
    if single:
        return [_parse_vector("vectors", vectors, length)]
    if not 1 <= len(vectors) <= most:
        raise InvalidInput("The number of vectors", len(vectors), f"from 1 to {most:,}")
    return [_parse_vector(f"vectors[{index}]", vector, length) for index, vector in enumerate(vectors)]


def _parse_vector(name: str, vector: object, length: int) -> list[float]:
    if not isinstance(vector, list | tuple) or len(vector) != length:
        numbers = f"a list of {length} finite numbers of at most {FLOAT32_MAX:.2g}"
        raise InvalidInput(name, vector, numbers if length else "an empty list, [], for there are no inputs")
    try:
        return _Vector.model_validate({"numbers": list(vector)}, context=OUTSIDE).numbers
    except ValidationError as error:
        first = error.errors()[0]
    position = int(first["loc"][1])
    value = vector[position]
    allowed = f"a finite number of at most {FLOAT32_MAX:.2g}{spelled(value)}"
    raise InvalidInput(f"{name}[{position}]", value, first["msg"] if first["type"] == HELD else allowed)


class _Vector(Record):
    numbers: list[Float32]
