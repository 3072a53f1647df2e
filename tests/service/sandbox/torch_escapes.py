"""Ways out of a sandbox that lead through torch and numpy: known ones, and those that were found in this one."""

from tests.service.sandbox.escapes import reads, sets

TORCH = "import torch\nfrom torch import nn\n"
LAYER = TORCH + "net = nn.Linear(1, 1)\n"
OPTIMIZER = TORCH + "w = torch.ones(1, requires_grad=True)\nsgd = torch.optim.SGD([w], lr=0.1)\n"
SPY = "class Spy:\n    def __call__(self, *args): return args\n"
NUMPY = "import numpy as np\na = np.zeros(3)\n"
DATA = "from torch.utils.data import DataLoader, Dataset, TensorDataset\n"
LIAR = """
class Liar:
    def __init__(self, values):
        self.values, self.asked = values, 0
    def __float__(self):
        self.values.clear()
        return 1.0
    def __len__(self): return 1
    def __getitem__(self, index):
        self.asked += 1
        if self.asked > 2: self.values.clear()
        if index: raise IndexError
        return 1.0
values, floats = [], []
values.extend([Liar(values)] + [[1.0] for _ in range(1000)])
floats.extend([Liar(floats)] + [each + 0.5 for each in range(1000)])
"""
"""Lists that become empty while they are walked through: what follows reads freed memory, if it is let."""

LIAR_AT_ONCE = LIAR.replace("self.asked > 2", "self.asked")
"""The lists that numpy walks through become empty when they are first asked."""
ADDRESS = "{'version': 3, 'shape': (1,), 'typestr': '<i8', 'data': (id(nn), True)}"


def of_modules(names: str, module: str) -> dict[str, str]:
    """A program for each name that a module has, and that is none of a program's business."""
    return {f"{module}.{name}": f"import {module.split('.')[0]}\n{module}.{name}" for name in names.split()}


THROUGH_TORCH: dict[str, dict[str, str]] = {
    "parts of torch": {
        **of_modules(
            "load save jit hub ops classes _C os sys library compile vmap func from_numpy frombuffer "
            "as_tensor as_strided asarray from_dlpack to_dlpack UntypedStorage TypedStorage FloatStorage storage "
            "multiprocessing package serialization onnx profiler distributed fx export testing backends overrides "
            "cuda random sparse_coo_tensor masked set_default_dtype set_default_device use_deterministic_algorithms "
            "importlib builtins inspect functools threading platform typing torch_version version __config__ "
            "get_device_module typename randn_like_ futures nested quantize_per_tensor special signal mps xpu "
            "set_default_tensor_type get_file_path prepare_multiprocessing_environment warnings utils.cpp_extension "
            "utils.dlpack utils.checkpoint utils.tensorboard utils.mobile_optimizer utils.model_zoo utils.hooks "
            "utils.collect_env utils.benchmark utils.bundled_inputs utils.data.get_worker_info utils.data.graph "
            "autograd.Function autograd.graph autograd.profiler autograd.functional autograd.set_detect_anomaly "
            "nn.modules nn.utils nn.parallel nn.parameter nn.ParameterDict nn.Transformer nn.LazyLinear "
            "nn.functional.torch nn.functional.importlib nn.functional.handle_torch_function nn.init.warnings "
            "nn.functional.boolean_dispatch optim.Optimizer optim.LBFGS optim.swa_utils optim.lr_scheduler.types "
            "optim.lr_scheduler.LRScheduler optim._functional linalg.LinAlgError linalg.torch",
            "torch",
        ),
        **of_modules(
            "load save fromfile frombuffer fromregex fromstring genfromtxt loadtxt savetxt savez memmap ctypeslib lib "
            "core _core f2py test vectorize frompyfunc apply_along_axis fromfunction require ndarray dtype nditer "
            "testing os sys show_config get_include printoptions errstate seterrcall set_printoptions matrix object_ "
            "random.get_state random.seed random.Generator random.PCG64 random.RandomState random.bit_generator",
            "numpy",
        ),
        **of_modules("__loader__ __spec__ __package__", "math"),
        **of_modules("_os _inst SystemRandom Random getstate setstate seed.__self__ random.__self__", "random"),
    },
    "tensors": {
        **reads(
            "x",
            "numpy storage untyped_storage data_ptr set_ resize_ resize_as_ as_strided as_strided_ "
            "apply_ map_ share_memory_ pin_memory register_hook register_post_accumulate_grad_hook "
            "__reduce_ex__ __array_interface__ __array__ __dlpack__ __torch_function__ __setstate__ "
            "__dict__ __class__ _base _backward_hooks _make_subclass _version new type record_stream "
            "module_load volatile is_shared storage_offset backward.__globals__ backward.__wrapped__ "
            "tolist.__self__ _cdata __cuda_array_interface__ __deepcopy__ random_ bernoulli_ "
            "dense_dim coalesce values",
            f"{TORCH}x = torch.ones(2)\n",
        ),
        **reads(
            "torch.Tensor",
            "numpy backward __init__ _make_subclass as_subclass __torch_function__ mro register_hook",
            "import torch\n",
        ),
        **reads(
            "(w * 2).grad_fn",
            "register_hook register_prehook metadata next_functions _saved_self __class__",
            OPTIMIZER,
        ),
        **sets(
            "torch.ones(1)",
            "backward grad_fn shape T name x is_leaf device dtype item",
            TORCH,
        ),
        "tensor.grad deleted": f"{OPTIMIZER}del w.grad",
        "a tensor's item deleted": f"{TORCH}del torch.ones(1)[0]",
        "torch changed": f"{TORCH}torch.ones = 1",
        "torch.nn changed": f"{TORCH}nn.Linear = 1",
        "torch deleted": f"{TORCH}del torch.ones",
        "a function of torch changed": f"{TORCH}torch.ones.x = 1",
        "a precision that is a format": f"{TORCH}torch.set_printoptions(precision='0e}}{{0.__class__}}{{0:')",
        "a width that is an object": f"{TORCH}{SPY}torch.set_printoptions(linewidth=Spy())",
        "a data type by its name": f"{TORCH}torch.float32.__reduce__()",
        "a device's own": f"{TORCH}torch.device('cpu').__reduce__()",
        "a generator's state": f"{TORCH}torch.Generator().get_state()",
        "a generator, set": f"{TORCH}torch.Generator().set_state(torch.ones(1))",
        "a size's own": f"{TORCH}torch.Size([1]).__reduce__()",
        "a result's own": f"{TORCH}torch.ones(2).max(dim=0).__reduce__()",
        "a result's class": f"{TORCH}torch.ones(2).max(dim=0).n_fields",
        "no_grad's own": f"{TORCH}torch.no_grad().clone",
        "no_grad's function": f"{TORCH}@torch.no_grad()\ndef f(): pass\nf.__wrapped__",
        "an object with a method that torch asks": f"{TORCH}{SPY}x = Spy()\nx.__torch_function__ = Spy()",
    },
    "modules": {
        **reads(
            "net",
            "register_forward_hook register_forward_pre_hook register_full_backward_hook "
            "register_backward_hook register_full_backward_pre_hook register_state_dict_pre_hook "
            "register_state_dict_post_hook register_load_state_dict_pre_hook "
            "register_load_state_dict_post_hook register_module compile to_empty share_memory type "
            "cuda set_extra_state get_extra_state get_buffer set_submodule call_super_init "
            "dump_patches T_destination _apply _call_impl _forward_hooks _parameters __dict__ "
            "__class__ __call__ __setattr__ __setstate__ _register_load_state_dict_pre_hook "
            "reset_parameters forward.__func__ forward.__globals__ parameters.__self__",
            LAYER,
        ),
        **reads("torch.nn.Linear", "forward parameters __init__ register_forward_hook mro __dict__ forward.__code__",
                "import torch\n"),
        **reads("net.parameters()", "gi_frame gi_frame.f_back gi_code send throw", LAYER),
        **reads("torch.relu", "__self__ __module__ __reduce__ __call__", "import torch\n"),
        **reads("nn.functional.mse_loss", "__globals__ __code__ __defaults__ __kwdefaults__ __builtins__", TORCH),
        "a hook by super": (
            f"{TORCH}class A(nn.Linear):\n    def compile(self): return super().compile\nA(1, 1).compile()"
        ),
        "a hook by super of a class": (
            f"{TORCH}class A(nn.Linear):\n    def compile(self): return super(A, A).compile\nA(1, 1).compile()"
        ),
        "a hook by the order of classes": (
            f"{TORCH}class A:\n    compile = 1\nclass B(nn.Linear, A): pass\nB(1, 1).compile"
        ),
        "a hook by the order of classes, of the class": (
            f"{TORCH}class A:\n    compile = 1\nclass B(nn.Linear, A): pass\nB.compile"
        ),
        "a hook behind a name that is deleted": (
            f"{TORCH}class A(nn.Linear):\n    compile = 1\nnet = A(1, 1)\nnet.compile\ndel A.compile\nnet.compile"
        ),
        "a hook behind an instance's name that is deleted": (
            f"{LAYER}net.compile = 1\nnet.compile\ndel net.compile\nnet.compile"
        ),
        "a hook behind a class's name in another class": (
            f"{TORCH}class A(nn.Linear):\n    compile = 1\nclass B(A): pass\nnet = B(1, 1)\nnet.compile\n"
            "del A.compile\nnet.compile"
        ),
        "a class's name that torch's class has": f"{TORCH}class A(nn.Linear): pass\nA.compile",
        "a method of torch's through a class": f"{TORCH}class A(nn.Linear): pass\nA.parameters(A(1, 1))",
        "a part named as numpy asks": f"{LAYER}net.add_module('__array_interface__', net)",
        "a buffer named as torch asks": f"{LAYER}net.register_buffer('__torch_function__', torch.ones(1))",
        "a parameter named as copies ask": (
            f"{LAYER}net.register_parameter('__deepcopy__', nn.Parameter(torch.ones(1)))"
        ),
        "a part of a dictionary": f"{TORCH}nn.ModuleDict({{'__torch_function__': nn.Linear(1, 1)}})",
        "a part of a dictionary, set": f"{TORCH}d = nn.ModuleDict()\nd['__torch_function__'] = nn.Linear(1, 1)",
        "a part of a sequence, by its name": (
            f"{LAYER}d = net.state_dict()\nd.clear()\nd.update({{'__torch_function__': net}})\nnn.Sequential(d)"
        ),
        "a module as the way to all its attributes": f"{TORCH}nn.ParameterDict()['__class__']",
        "memory at any address": (
            f"{TORCH}import numpy as np\np = nn.ParameterDict()\np['__array_interface__'] = {ADDRESS}\nnp.array(p)"
        ),
        "a layer's class changed": f"{TORCH}nn.Linear.forward = lambda self, x: x",
        "a layer's class emptied": f"{TORCH}del nn.Linear.forward",
        "all modules' class changed": f"{TORCH}nn.Module.__call__ = 1",
        "an item of a layer's class": f"{TORCH}nn.Linear[0] = 1",
        "a text as an annotation": f"{TORCH}class A(nn.Module):\n    x: __import__('os')",
    },
    "optimizers and data": {
        **reads(
            "sgd",
            "state register_step_pre_hook register_step_post_hook register_state_dict_pre_hook "
            "register_load_state_dict_post_hook profile_hook_step __dict__ __class__ __setstate__ "
            "_optimizer_step_pre_hooks _use_grad_for_differentiable zero_grad.__wrapped__ "
            "step.__globals__ OptimizerPreHook _cuda_graph_capture_health_check",
            OPTIMIZER,
        ),
        **reads(
            "s",
            "state_dict load_state_dict optimizer __dict__ base_lrs get_lr _step_count",
            f"{OPTIMIZER}s = torch.optim.lr_scheduler.StepLR(sgd, 1)\n",
        ),
        "all that a class has, by a schedule's state": (
            f"{OPTIMIZER}class Rate:\n    def __mul__(self, other): return 0.1\n"
            "sgd.param_groups[0]['initial_lr'] = Rate()\n"
            "torch.optim.lr_scheduler.LambdaLR(sgd, nn.ReLU).state_dict()"
        ),
        "a schedule's functions": (
            f"{OPTIMIZER}torch.optim.lr_scheduler.LambdaLR(sgd, lambda epoch: 1.0).lr_lambdas"
        ),
        "an optimizer's step set": f"{OPTIMIZER}sgd.step = 1",
        "an optimizer's groups set": f"{OPTIMIZER}sgd.param_groups = []",
        "an optimizer's class changed": f"{OPTIMIZER}torch.optim.SGD.step = 1",
        "an optimizer's class asked": f"{OPTIMIZER}torch.optim.SGD.step.__globals__",
        "a loader with processes": f"{DATA}DataLoader([1], num_workers=1)",
        "a loader's own": f"{DATA}DataLoader([1]).sampler",
        "a loader's function": f"{DATA}DataLoader([1]).collate_fn",
        "a loader's processes": f"{DATA}DataLoader([1]).multiprocessing_context",
        "a loader's iterator": f"{DATA}iter(DataLoader([1]))._next_data",
        "a loader changed": f"{DATA}DataLoader([1]).num_workers = 1",
        "two data sets' own": f"{DATA}class A(Dataset):\n    def __len__(self): return 1\n(A() + A()).datasets",
        "a data set of a type": f"{DATA}Dataset[int].__origin__",
        "a data set of a text": f"{DATA}Dataset['__import__(1)'].__args__",
    },
    "memory": {
        "a list that changes": f"{TORCH}{LIAR}torch.tensor(values)",
        "a list that changes, of floats": f"{TORCH}{LIAR}torch.tensor(floats, dtype=torch.float32)",
        "an object as a list": f"{TORCH}{LIAR}torch.tensor(values[0])",
        "an object in a tuple": f"{TORCH}{LIAR}torch.tensor(((values[0],),))",
        "a list, the old way": f"{TORCH}{LIAR}torch.Tensor(values)",
        "a list of floats, the old way": f"{TORCH}{LIAR}torch.Tensor(floats)",
        "as an index": f"{TORCH}{LIAR}torch.ones(3)[values]",
        "as a part of an index": f"{TORCH}{LIAR}torch.ones(3, 3)[0, values]",
        "an object as an index": f"{TORCH}{LIAR}torch.ones(3)[values[0]]",
        "as an index that is set": f"{TORCH}{LIAR}torch.ones(3)[values] = 1",
        "as an index that is augmented": f"{TORCH}{LIAR}torch.ones(3)[values] += 1",
        "as an index of data": f"{TORCH}{DATA}{LIAR}TensorDataset(torch.ones(3))[values]",
        "in a batch": f"{TORCH}{DATA}{LIAR}for batch in DataLoader([1.0, values[0]], batch_size=2): pass",
        "in a batch of texts": f"{TORCH}{DATA}{LIAR}next(iter(DataLoader([{{'a': 1}}, {{'a': values}}], batch_size=2)))",
        "a module that is a list": (
            f"{TORCH}class A(nn.Module):\n    def __len__(self): return 1\n    def __getitem__(self, i): return i\n"
            "torch.tensor([A()])"
        ),
        "a list of numpy's": f"{NUMPY}{LIAR_AT_ONCE}np.array(values)",
        "a list of numpy's floats": f"{NUMPY}{LIAR_AT_ONCE}np.array(floats, dtype=np.float32)",
        "a sum of numpy's": f"{NUMPY}{LIAR_AT_ONCE}a + values",
        "a comparison of numpy's": f"{NUMPY}{LIAR_AT_ONCE}a < values",
        "an index of numpy's": f"{NUMPY}{LIAR_AT_ONCE}a[values]",
        "an item of numpy's": f"{NUMPY}{LIAR_AT_ONCE}a[:] = values",
        "a stack of numpy's": f"{NUMPY}{LIAR_AT_ONCE}np.stack(values)",
        "two data sets as a list of numpy's": (
            f"{NUMPY}{DATA}class A(Dataset):\n    def __len__(self): return 1\nnp.array([A() + A(), [1]])"
        ),
        "a network as a list of numpy's": f"{NUMPY}{LAYER}np.array([nn.Sequential(net), [1]])",
    },
    "numpy": {
        **reads(
            "a",
            "tofile dump dumps ctypes data base view setflags getfield setfield resize flat strides "
            "flags byteswap tobytes __array_interface__ __array_struct__ __array__ __reduce__ "
            "__setstate__ __class__ __array_finalize__ __array_ufunc__ choose put nbytes take",
            NUMPY,
        ),
        **{
            f"array.{name} set": f"{NUMPY}a.{name} = {value}"
            for name, value in {
                "dtype": "'O'", "shape": "(3, 1)", "strides": "(0,)", "data": "a", "flat": "1", "real": "1", "x": "1",
            }.items()
        },
        "an array of objects": f"{NUMPY}np.array([None])",
        "an array of objects, by name": f"{NUMPY}np.array([1], dtype='O')",
        "an array of objects, by class": f"{NUMPY}np.zeros(3, dtype=object)",
        "an array of objects, in a structure": f"{NUMPY}np.zeros(3, dtype=[('a', 'O')])",
        "an array of functions": f"{NUMPY}np.array([print, len])",
        "an item of an array of objects": f"{NUMPY}b = a.astype('O')\nb[0] = print",
        "a generator's bits": f"{NUMPY}np.random.default_rng(0).bit_generator",
        "a generator's children": f"{NUMPY}np.random.default_rng(0).spawn(1)",
        "a generator's own": f"{NUMPY}np.random.default_rng(0).__reduce__()",
        "a type's own": f"{NUMPY}a.dtype.type",
        "a type's constructor": f"{NUMPY}type(a.dtype)('O')",
        "an array's constructor": f"{NUMPY}type(a)((1,), 'O')",
        "a number's own": f"{NUMPY}a[0].data",
        "a number's bytes": f"{NUMPY}a[0].tobytes()",
        "a number's class": f"{NUMPY}a[0].__class__",
        "a function's own": f"{NUMPY}np.sum.__wrapped__",
        "a function's globals": f"{NUMPY}np.tile.__globals__",
    },
}  # fmt: skip

NOWHERE_THROUGH_TORCH: dict[str, str] = {
    "a hook behind a part of its name": (
        f"{LAYER}net.register_forward_hook = nn.Linear(1, 1)\n"
        "net.register_forward_hook(lambda *args: None).remove()"
    ),
    "a hook behind a buffer of its name": f"{LAYER}net.register_buffer('compile', torch.ones(1))",
    "a parameter by its path": f"{LAYER}net.get_parameter('__class__.__mro__')",
    "a submodule by its path": f"{LAYER}net.get_submodule('__class__')",
    "a seed that is a list that changes": f"{NUMPY}{LIAR_AT_ONCE}np.random.default_rng(values)",
    "a module's own": "import torch\ntorch.__name__",
    "a data set's own": f"{DATA}Dataset.register_function",
    "a size that is an object": f"{TORCH}{LIAR}torch.zeros(values[0])",
    "sizes that are objects": f"{TORCH}{LIAR}torch.zeros([values[0], values[0]])",
    "tensors that are objects": f"{TORCH}{LIAR}torch.stack(values)",
    "a number that is an object": f"{TORCH}{LIAR}torch.full((2,), values[0])",
    "a parameter that is an object": f"{TORCH}{LIAR}nn.Parameter(values[0])",
    "a gradient that is an object": f"{OPTIMIZER}{LIAR}w.grad = values[0]",
    "values that are an object": f"{OPTIMIZER}{LIAR}w.data = values[0]",
    "an optimizer of objects": f"{TORCH}{LIAR}torch.optim.SGD(values, lr=0.1)",
    "a data type by its letter": f"{TORCH}torch.zeros(1, dtype='O')",
    "a device that is a file": f"{TORCH}torch.device('/etc/passwd')",
    "a state of objects": f"{LAYER}{LIAR}net.load_state_dict(values[0])",
}  # fmt: skip
"""Ways that lead nowhere by themselves: their errors may be torch's own."""
