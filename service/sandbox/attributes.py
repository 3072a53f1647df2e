"""Which attributes a program may use, by what it is that it asks."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from string import Formatter
from types import BuiltinFunctionType, FunctionType, GeneratorType
from typing import Any
from weakref import WeakSet

import numpy as np
import torch
from torch import Tensor, fx, nn
from torch.utils.data import DataLoader, TensorDataset

from service.sandbox.kernels import data_of
from service.sandbox.kinds import StandIn
from service.sandbox.names import Namespace

KNOWN: "WeakSet[type]" = WeakSet()
"""The classes that programs have made."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TENSOR = _words(
    "abs abs_ acos add add_ addmm all allclose amax amin any argmax argmin argsort asin atan "
    "backward bernoulli bfloat16 bmm bool ceil chunk clamp clamp_ clip clone contiguous copy_ cos "
    "count_nonzero cumprod cumsum det detach detach_ diag diff dim div div_ dot double dtype "
    "eq equal exp expand expand_as fill_ flatten flip float floor fmod frac gather ge grad "
    "grad_fn gt half index_select int inverse is_contiguous is_floating_point is_leaf isclose "
    "isfinite isinf isnan item le lerp log log10 log1p log2 log_softmax logical_and logical_not "
    "logical_or logsumexp long lt masked_fill masked_select matmul max maximum mean median min "
    "minimum mm movedim mul mul_ multiply mv name nan_to_num narrow ndim ne neg nelement new_ones "
    "new_zeros nonzero norm normal_ numel outer permute pow pow_ prod reciprocal relu relu_ "
    "remainder repeat requires_grad requires_grad_ reshape reshape_as retain_grad roll round "
    "rsqrt select shape sigmoid sign sin size softmax sort split sqrt square squeeze std stride "
    "sub sub_ subtract sum swapaxes t take tan tanh tile to tolist topk trace transpose tril triu "
    "trunc type_as unbind unfold uniform_ unique unsqueeze var view view_as where zero_ T H mT "
    "device index_add index_add_ scatter scatter_ scatter_add scatter_add_ masked_fill_ cpu"
)
MODULE = _words(
    "parameters named_parameters children named_children modules named_modules buffers "
    "named_buffers state_dict load_state_dict train eval training zero_grad forward "
    "requires_grad_ float double half apply add_module register_parameter register_buffer "
    "get_parameter get_submodule append extend insert keys values items extra_repr to cpu"
)
OPTIMIZER = _words("step zero_grad param_groups state_dict load_state_dict add_param_group defaults")
SCHEDULER = _words("step get_last_lr last_epoch")
NAMES: dict[type, frozenset[str]] = {
    Tensor: TENSOR,
    fx.Proxy: TENSOR,
    nn.Module: MODULE,
    torch.optim.Optimizer: OPTIMIZER,
    torch.optim.lr_scheduler.LRScheduler: SCHEDULER,
    torch.optim.lr_scheduler.ReduceLROnPlateau: SCHEDULER,
    torch.Size: frozenset({"numel", "count", "index"}),
    torch.dtype: frozenset({"is_floating_point", "itemsize"}),
    torch.device: frozenset({"type"}),
    torch.finfo: _words("min max eps tiny bits"),
    torch.iinfo: _words("min max bits"),
    torch.Generator: _words("manual_seed seed initial_seed"),
    TensorDataset: frozenset({"tensors"}),
    DataLoader: _words("dataset batch_size"),
    list: _words("append extend insert pop remove clear index count sort reverse copy"),
    dict: _words("get keys values items pop popitem setdefault update clear copy"),
    tuple: _words("count index"),
    str: _words(
        "capitalize casefold center count endswith expandtabs find index isalnum isalpha isdecimal "
        "isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower "
        "lstrip partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit "
        "rstrip split splitlines startswith strip swapcase title upper zfill"
    ),
    set: _words(
        "add discard remove pop clear copy update union intersection difference symmetric_difference "
        "issubset issuperset isdisjoint"
    ),
    frozenset: _words(
        "copy union intersection difference symmetric_difference issubset issuperset isdisjoint"
    ),
    int: _words("bit_length bit_count real imag numerator denominator"),
    float: _words("is_integer real imag hex as_integer_ratio"),
    complex: _words("real imag conjugate"),
    range: _words("start stop step count index"),
    slice: _words("start stop step"),
    GeneratorType: frozenset(),
    BaseException: frozenset({"args"}),
    StopIteration: frozenset({"value"}),
    property: _words("setter getter"),
    np.ndarray: _words("shape dtype ndim size sum mean min max tolist reshape astype copy T argsort"),
    np.random.Generator: _words("integers permutation permuted random normal uniform choice shuffle"),
    np.generic: frozenset({"item", "dtype"}),
    **{
        each: frozenset[str](vars(each)["__match_args__"])
        for each in vars(torch.return_types).values()
        if isinstance(each, type) and issubclass(each, tuple)
    },
}
"""By type; a type has what those have that it is made from. Classes of programs have what they define."""

PARTS = ("_parameters", "_buffers", "_modules")
"""Where an nn.Module keeps what was set on it, beside its `__dict__`."""
NAMED = type | FunctionType | BuiltinFunctionType
"""What has a `__name__`, which is a text."""
INSTEAD = {
    "numpy": "`.tolist()` gives its numbers",
    "from_numpy": "`torch.tensor(...)` takes arrays, too",
    "as_tensor": "`torch.tensor(...)` does that",
    "cuda": "programs compute on the processor",
    "save": "programs have no files",
    "load": "programs have no files",
    "format_map": "write an f-string",
    "register_hook": "`.retain_grad()` keeps a gradient",
}
"""What to use in place of some names that are not allowed."""

_found: dict[type, frozenset[str]] = {}
"""The names that may be used of instances, by their type."""
_open: set[type] = set()
"""Those of these types whose instances' own attributes may be read, too."""
_NONE: frozenset[str] = frozenset()


def made_here(value: Any) -> bool:
    """Whether it is a class that a program has made."""
    return isinstance(value, type) and value in KNOWN


def attribute(value: Any, name: str) -> Any:
    """`value.name`, if that is one of the names allowed for what it is. Raises AttributeError."""
    kind = type(value)
    if kind is Namespace:
        if name in value.names:
            return value.names[name]
    else:
        names = _found.get(kind)
        if name in (allowed_names(value) if names is None else names):
            return getattr(value, name)
        if name == "data" and issubclass(kind, Tensor):
            return data_of(value)
    if not isinstance(name, str):
        raise TypeError("attribute name must be string")
    if kind in _open:
        own = value.__dict__
        for place in (own, *(own[part] for part in PARTS if part in own)):
            if name in place and not name.startswith("_"):
                return place[name]
    if name in SPECIAL:
        return SPECIAL[name](value)
    if name == "format" and kind is str:
        return partial(_formatted, value)
    raise _refused(value, name)


def _initializer(value: Any) -> Any:
    if type(value) is not super or _is_of_class(value):
        raise AttributeError("`.__init__` can be written only as `super().__init__()` here")
    return value.__init__


def _name(value: Any) -> str:
    value = value.of if type(value) is StandIn else value
    if not isinstance(value, NAMED):
        raise AttributeError(f"'{type(value).__name__}' object has no attribute '__name__'")
    return value.__name__


SPECIAL: Mapping[str, Callable[[Any], Any]] = {"__init__": _initializer, "__name__": _name}
"""The names with underscores that may be used at all, of what they may."""


def _formatted(text: str, /, *args: Any, **kwargs: Any) -> str:
    """`text.format(...)`, where it asks for no attribute and no item. Raises ValueError."""
    _check_fields(text)
    return text.format(*args, **kwargs)


def _check_fields(text: str) -> None:
    for _, field, spec, _ in Formatter().parse(text):
        if field and not (field.isdigit() or field.isidentifier()):
            raise ValueError(
                f"`{{{field}}}`: only a number or a name can stand there here; write an f-string"
            )
        _check_fields(spec or "")


def _refused(value: Any, name: str) -> AttributeError:
    """Why a name cannot be used: there is none, or it is not allowed."""
    if name.startswith("_"):
        return AttributeError(f"`{name}` begins with an underscore: such names cannot be used here")
    if type(value) is StandIn:
        value = value.of
    if type(value) is Namespace:
        instead = f": {INSTEAD[name]}" if name in INSTEAD else ""
        return AttributeError(f"{value!r} has no `{name}` here{instead}")
    classes = value.__mro__ if isinstance(value, type) else type(value).__mro__
    if not any(name in vars(each) for each in classes):
        try:
            getattr(value, name)
        except AttributeError as error:
            return error
    kind = value.__name__ if isinstance(value, type) else type(value).__name__
    instead = f": {INSTEAD[name]}" if name in INSTEAD else ""
    return AttributeError(f"`{name}` of a {kind} cannot be used here{instead}")


def allowed_names(value: Any) -> frozenset[str]:
    """The names that may be used of a value; of instances, beside what was set on them."""
    kind = type(value)
    names = _found.get(kind)
    if names is None:
        if kind is super:
            return _names_after(value)
        if issubclass(kind, type):
            return _names_along(value.__mro__, own=True) if value in KNOWN else _NONE
        names = _found[kind] = _names_along(kind.__mro__)
        if kind in KNOWN or issubclass(kind, nn.Module):
            _open.add(kind)
    return names


def forget() -> None:
    """Find the names of programs' classes anew: a program begins, or has changed one."""
    for kind in [kind for kind in _found if kind in KNOWN]:
        del _found[kind]
        _open.discard(kind)


def _names_along(classes: Sequence[type], own: bool = False) -> frozenset[str]:
    """The names that are found first, in this order, in a class of a program or in one that allows them.

    The order counts: Python takes the first, so a program's name must not let through torch's. `own` leaves
    out what no class of a program has.
    """
    listed = _NONE if own else frozenset[str]().union(*(NAMES.get(each, _NONE) for each in classes))
    # What is listed and in no class is an attribute that torch sets on instances.
    may = dict.fromkeys(listed, True)
    seen: set[str] = set()
    for each in classes:
        for name in vars(each).keys() - seen:
            may[name] = not name.startswith("_") if each in KNOWN else name in listed
        seen |= vars(each).keys()
    return frozenset(name for name, allowed in may.items() if allowed)


def _names_after(value: Any) -> frozenset[str]:
    """What `super()` gives: the names in the classes that come after its own."""
    classes = value.__self_class__.__mro__ if value.__self_class__ else (value.__thisclass__,)
    after = classes[classes.index(value.__thisclass__) + 1 :]
    return _names_along(after, own=_is_of_class(value))


def _is_of_class(value: Any) -> bool:
    """Whether a `super()` is one of a class itself, not of an instance."""
    return isinstance(value.__self__, type)
