"""Which attributes a program may use, by what it is that it asks."""

from types import GeneratorType
from typing import Any
from weakref import WeakSet

import numpy as np
import torch
from torch import Tensor, fx, nn

KNOWN: "WeakSet[type]" = WeakSet()
"""The classes that programs have made."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TENSOR = _words(
    "abs abs_ acos add add_ addmm all allclose amax amin any argmax argmin argsort asin atan "
    "backward bernoulli bfloat16 bmm bool ceil chunk clamp clamp_ clip clone contiguous copy_ cos "
    "count_nonzero cumprod cumsum data det detach detach_ diag diff dim div div_ dot double dtype "
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
SCHEDULER = _words("step get_last_lr last_epoch state_dict")
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
    torch.utils.data.TensorDataset: frozenset({"tensors"}),
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
}
"""By type; a type has what those have that it is made from. Classes of programs have what they define."""

_found: dict[type, frozenset[str]] = {}
_NONE: frozenset[str] = frozenset()


def made_here(value: Any) -> bool:
    """Whether it is a class that a program has made."""
    return isinstance(value, type) and value in KNOWN


def allowed_names(value: Any) -> frozenset[str]:
    """The names that may be used of a value; of instances, beside what was set on them."""
    kind = type(value)
    names = _found.get(kind)
    if names is None:
        if kind is super:
            return _names_of(type(value.__self__))
        if issubclass(kind, type):
            return _defined_by(value) if value in KNOWN else _NONE
        names = _found[kind] = _names_of(kind)
    return names


def _names_of(kind: type) -> frozenset[str]:
    return frozenset[str]().union(
        *(_defined_by(each) if each in KNOWN else NAMES.get(each, _NONE) for each in kind.__mro__)
    )


def _defined_by(made: type) -> frozenset[str]:
    own = (vars(each) for each in made.__mro__ if each in KNOWN)
    return frozenset(name for names in own for name in names if not name.startswith("_"))
