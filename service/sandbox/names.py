"""What a program can import: chosen names of torch, math, random and numpy.

None of them loads or saves, compiles, takes a file's name or a buffer, calls back from inside torch with more
than it was given, or reaches memory that is not a tensor's own.
"""

import math
import random
from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn, optim
from torch.utils.data import DataLoader, Dataset, TensorDataset

from service.sandbox.conversions import data_loader, guarded, guarded_array
from service.sandbox.kinds import StandIn

PLAIN = (
    "abs all any ascii bin bool chr complex dict divmod enumerate filter float format frozenset hash hex int "
    "isinstance issubclass iter len list map max min next oct ord pow range repr reversed round set "
    "slice sorted str sum tuple zip property staticmethod classmethod super object "
    "NotImplemented Ellipsis id callable ArithmeticError AssertionError AttributeError Exception "
    "FloatingPointError ImportError IndexError KeyError LookupError NameError NotImplementedError "
    "OverflowError RecursionError RuntimeError StopIteration TypeError ValueError ZeroDivisionError"
)
"""Python's own names that a program has as they are."""


class Namespace:
    """A module as a program sees it: its chosen names, and nothing else."""

    __slots__ = ("_name", "names")

    def __init__(self, name: str, names: Mapping[str, Any]) -> None:
        self._name = name
        self.names = MappingProxyType(dict(names))

    def __repr__(self) -> str:
        return f"<module '{self._name}'>"


def _chosen(source: Any, names: str) -> dict[str, Any]:
    return {name: getattr(source, name) for name in names.split()}


def _looked_up(source: Any, name: str) -> Callable[..., Any]:
    """The function of that name, whatever it is when it is called: while a program runs it is watched."""

    @wraps(getattr(source, name))
    def called(*args: Any, **kwargs: Any) -> Any:
        return getattr(source, name)(*args, **kwargs)

    return called


def _one_thread(_number: int) -> None:
    """Programs compute with one thread, whatever they ask for."""


def _set_printoptions(**options: Any) -> None:
    """torch's, of numbers: torch puts the precision into a format."""
    for name, value in options.items():
        if not isinstance(value, int | float | None) and (name, type(value)) != ("profile", str):
            raise TypeError(f"set_printoptions: {name}={value!r} is no number")
    torch.set_printoptions(**options)


FUNCTIONAL = Namespace(
    "torch.nn.functional",
    _chosen(
        nn.functional,
        "relu relu6 leaky_relu elu selu celu gelu silu mish softplus softsign tanh sigmoid hardtanh "
        "hardsigmoid logsigmoid softmax log_softmax softmin linear bilinear mse_loss l1_loss "
        "smooth_l1_loss huber_loss cross_entropy nll_loss binary_cross_entropy "
        "binary_cross_entropy_with_logits kl_div dropout normalize one_hot pad layer_norm "
        "cosine_similarity pairwise_distance conv1d conv2d max_pool1d max_pool2d avg_pool1d "
        "avg_pool2d embedding",
    ),
)
INIT = Namespace(
    "torch.nn.init",
    _chosen(
        nn.init,
        "zeros_ ones_ constant_ uniform_ normal_ xavier_uniform_ xavier_normal_ kaiming_uniform_ "
        "kaiming_normal_ eye_ orthogonal_ trunc_normal_",
    ),
)
NN = Namespace(
    "torch.nn",
    _chosen(
        nn,
        "Module Linear Bilinear Identity Sequential ModuleList ModuleDict ParameterList "
        "Parameter ReLU ReLU6 LeakyReLU PReLU ELU SELU CELU GELU SiLU Mish Softplus Softsign Tanh "
        "Sigmoid Hardtanh LogSigmoid Softmax LogSoftmax Dropout LayerNorm BatchNorm1d Embedding "
        "Conv1d Conv2d Flatten Unflatten MaxPool1d MaxPool2d AvgPool1d AvgPool2d RNN GRU MSELoss "
        "L1Loss SmoothL1Loss HuberLoss CrossEntropyLoss NLLLoss BCELoss BCEWithLogitsLoss KLDivLoss",
    )
    | {"functional": FUNCTIONAL, "init": INIT},
)
LR_SCHEDULER = Namespace(
    "torch.optim.lr_scheduler",
    _chosen(
        optim.lr_scheduler,
        "StepLR MultiStepLR ConstantLR LinearLR ExponentialLR CosineAnnealingLR ReduceLROnPlateau LambdaLR",
    ),
)
OPTIM = Namespace(
    "torch.optim",
    _chosen(
        optim,
        "SGD Adam AdamW NAdam RAdam Adamax Adadelta Adagrad RMSprop Rprop ASGD",
    )
    | {"lr_scheduler": LR_SCHEDULER},
)
DATA = Namespace(
    "torch.utils.data",
    {"Dataset": Dataset, "TensorDataset": TensorDataset, "DataLoader": StandIn(DataLoader, data_loader)},
)
UTILS = Namespace("torch.utils", {"data": DATA})
LINALG = Namespace(
    "torch.linalg", _chosen(torch.linalg, "norm vector_norm det inv matrix_rank svd svdvals solve")
)
AUTOGRAD = Namespace(
    "torch.autograd", {name: _looked_up(torch.autograd, name) for name in ("grad", "backward")}
)
TORCH = Namespace(
    "torch",
    _chosen(
        torch,
        "zeros ones full empty zeros_like ones_like full_like empty_like eye arange linspace "
        "logspace rand randn randint randperm rand_like randn_like normal bernoulli multinomial "
        "manual_seed stack cat concat hstack vstack column_stack meshgrid cartesian_prod combinations "
        "split chunk unbind where gather index_select masked_select take flatten reshape squeeze "
        "unsqueeze transpose permute movedim flip roll tile repeat_interleave broadcast_to "
        "broadcast_tensors diag outer matmul mm bmm mv dot vdot einsum tensordot kron addmm add sub "
        "subtract mul multiply div divide true_divide floor_divide remainder fmod pow square sqrt "
        "rsqrt exp exp2 expm1 log log2 log10 log1p abs neg negative sign sgn round floor ceil trunc "
        "frac clamp clip sin cos tan asin acos atan atan2 sinh cosh tanh sigmoid relu softmax "
        "log_softmax logsumexp reciprocal lerp hypot maximum minimum fmax fmin sum mean prod std var "
        "median mode max min amax amin argmax argmin all any cumsum cumprod norm dist sort argsort "
        "topk unique bincount histc count_nonzero nonzero isnan isinf isfinite isclose allclose equal "
        "eq ne lt le gt ge logical_and logical_or logical_not logical_xor nan_to_num heaviside "
        "is_tensor is_floating_point is_grad_enabled numel no_grad enable_grad set_grad_enabled "
        "inference_mode get_default_dtype Size Generator device dtype float "
        "float16 float32 float64 bfloat16 double half int int8 int16 int32 int64 long short uint8 "
        "bool finfo iinfo pi inf nan e",
    )
    | {
        "nn": NN, "optim": OPTIM, "linalg": LINALG, "autograd": AUTOGRAD, "utils": UTILS,
        "tensor": guarded(torch.tensor), "Tensor": StandIn(Tensor, guarded(Tensor)),
        "set_printoptions": _set_printoptions, "set_num_threads": _one_thread,
        "__version__": str(torch.__version__),
    },
)  # fmt: skip
MATH = Namespace("math", {name: each for name, each in vars(math).items() if not name.startswith("_")})
_RANDOM = random.Random()
RANDOM = Namespace(
    "random",
    _chosen(
        _RANDOM, "random randint randrange uniform gauss choice choices sample shuffle seed normalvariate"
    ),
)


def reseed() -> None:
    """Have a program's random numbers begin anew, as they do in a process of its own."""
    _RANDOM.seed()


NUMPY_RANDOM = Namespace("numpy.random", {"default_rng": np.random.default_rng})
NUMPY = Namespace(
    "numpy",
    {
        name: guarded_array(each)
        for name, each in _chosen(
            np,
            "array arange linspace zeros ones full eye concatenate stack hstack vstack column_stack tile "
            "sort argsort sum mean std min max abs sqrt exp log where",
        ).items()
    }
    | _chosen(np, "float32 float64 int64 pi inf nan")
    | {"random": NUMPY_RANDOM},
)
MODULES = {
    each._name: each
    for each in (
        TORCH, NN, FUNCTIONAL, INIT, OPTIM, LR_SCHEDULER, DATA, UTILS, LINALG, AUTOGRAD, MATH, RANDOM, NUMPY,
        NUMPY_RANDOM,
    )
}  # fmt: skip
"""By the names by which they are imported."""


INSTEAD = {"matplotlib": "; a list of losses is drawn by itself", "tqdm": "; `range` shows how far it is"}


def unknown_import(statement: str, module: str) -> str:
    """Why a module cannot be imported, as a sentence."""
    if module.partition(".")[0] in MODULES:
        return f"`{statement}`: that part of {module.partition('.')[0]} is not here."
    instead = INSTEAD.get(module.partition(".")[0], "")
    return f"`{statement}`: only torch, numpy, math and random can be imported here{instead}."
