"""From the LLVM code that Numba makes of the server's kernels to the files that a browser loads.

Numba's code is taken as it is before it is optimized, for then it knows no processor. What it calls and
WebAssembly lacks is replaced by a few functions (*.ll beside this file, each with its reason). LLVM compiles
it for wasm32, and wasm-ld links it. No fast-math here either: a kernel's bits are those of its source.

An array comes to a kernel unpacked, a tuple number by number, None as a null pointer; what a kernel returns
goes to where its first argument points.
"""

import re
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import llvmlite.binding as llvm
from numba.core import types

from service.engines import cache, network_kernel, product_kernel
from service.jobs.kernels import compile_kernels

FOLDER = Path(__file__).parent
TRIPLE = "wasm32-unknown-unknown"
VARIANTS = {"fused": "+simd128,+relaxed-simd", "exact": "+simd128"}
"""What a browser must have for each."""
LINKER = "wasm-ld"
OPTIONS = ("--no-entry", "--strip-all", "--compress-relocations", "--export=__heap_base")

Code = dict[str, str]
"""LLVM code by the name of the one function that is wanted of it."""


def sources() -> str:
    """A hash of all that decides the files' bytes."""
    engines = Path(cache.__file__).parent
    files = [
        *(engines / name for name in cache.SOURCES),
        *sorted(FOLDER.glob("*.py")),
        *sorted(FOLDER.glob("*.ll")),
    ]
    contents = [path.read_bytes() for path in files]
    contents += [version(package).encode() for package in ("numba", "llvmlite")]
    return sha256(b"\0".join(contents)).hexdigest()


def modules() -> Iterator[tuple[str, bytes]]:
    """The name and the content of each file."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    compile_kernels()
    for kernel, code in (("network_kernel", _network_code()), ("product_kernel", _product_code())):
        for variant in VARIANTS:
            yield f"{kernel}.{variant}.wasm", _linked(_object(code, variant), list(code))


def _network_code() -> Code:
    general: Any = network_kernel.general
    evaluate: Any = network_kernel.evaluate
    (evaluated,) = evaluate.signatures
    code = {"mean_loss": _code(evaluate, evaluated, "mean_loss")}
    for signature in general.signatures:
        _, (_activation, rule, _parameters, _buffers, gradients, *_rest) = signature
        name = rule.instance_class.__name__.lower() + ("" if gradients == types.none else "_in_batches")
        code[name] = _code(general, signature, name)
    return dict(sorted(code.items()))


def _product_code() -> Code:
    train: Any = product_kernel.train
    names = {signature[0].instance_class.__name__.lower(): signature for signature in train.signatures}
    return {name: _code(train, names[name], name) for name in sorted(names)}


def _code(kernel: Any, signature: Any, name: str) -> str:
    """The kernel's LLVM code for arguments of these types, itself by that name."""
    symbol = kernel.overloads[signature].fndesc.llvm_func_name
    code = kernel.inspect_llvm(signature).replace(f"@{symbol}(", f"@{name}(")
    # Numba's own reference counting and the declarations of what is replaced, then all calls of these.
    code = re.sub(r"^define linkonce_odr void @NRT_\w+\(.*?^}\n", "", code, flags=re.DOTALL | re.MULTILINE)
    code = re.sub(r"^declare .*@(llvm\.fma\.|sqrt\().*\n", "", code, flags=re.MULTILINE)
    code = re.sub(r"@NRT_(in|de)cref\(", "@keep.reference(", code)
    code = code.replace("@llvm.fma.", "@fma.").replace("@sqrt(", "@sqrt.f64(")
    # What an exception would say: there is no Python that could raise it.
    code = re.sub(r"^ +store ptr @\.const\.picklebuf.*\n", "", code, flags=re.MULTILINE)
    return re.sub(r"^target .*\n", "", code, flags=re.MULTILINE)


def _object(code: Code, variant: str) -> bytes:
    target = llvm.Target.from_triple(TRIPLE).create_target_machine(
        opt=3, features=VARIANTS[variant], reloc="static", codemodel="default"
    )
    head = f'target datalayout = "{target.target_data}"\ntarget triple = "{TRIPLE}"\n'
    replacements = "".join((FOLDER / f"{name}.ll").read_text() for name in ("common", variant))
    whole = llvm.parse_assembly(head)
    for name, text in code.items():
        module = llvm.parse_assembly(head + text + replacements)
        for each in (*module.functions, *module.global_variables):
            if not each.is_declaration and each.name != name:
                each.linkage = "internal"  # and so dropped, unless it is used
        whole.link_in(module)
    whole.verify()
    passes = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(speed_level=3))
    passes.getModulePassManager().run(whole, passes)
    return target.emit_object(whole)


def _linked(compiled: bytes, exports: list[str]) -> bytes:
    with TemporaryDirectory() as folder:
        given, made = Path(folder) / "kernels.o", Path(folder) / "kernels.wasm"
        given.write_bytes(compiled)
        exported = [f"--export={name}" for name in exports]
        subprocess.run([LINKER, *OPTIONS, *exported, "-o", made, given], check=True)
        return made.read_bytes()
