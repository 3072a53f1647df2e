"""How the kernels are compiled, and where compiled code is kept from one start to the next."""

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import platformdirs
from numba.core import config
from numba.core.caching import UserProvidedCacheLocator

SOURCES = ("cache.py", "lanes.py", "rules.py", "forward.py", "network_kernel.py", "product_kernel.py")


class KernelLocator(UserProvidedCacheLocator):
    """Finds the code that another copy of the same sources has left, wherever that lies."""

    @classmethod
    def get_suitable_cache_subpath(cls, py_file: str) -> str:
        """The subfolder for a file's functions, which Numba would name by the whole path."""
        return Path(py_file).parent.name


def _use_folder() -> Path | None:
    """Let Numba keep its code in NUMBA_CACHE_DIR or the user's cache folder; None if that is read-only.

    Numba asks only the file that a function stands in whether its code is stale, so all sources are
    in the folder's name. What cannot be kept is compiled again at the next start.
    """
    contents = b"".join(Path(__file__).with_name(source).read_bytes() for source in SOURCES)
    parent = config.__dict__["CACHE_DIR"] or platformdirs.user_cache_path("backprop-lab")
    folder = Path(parent) / f"kernels-{sha256(contents).hexdigest()[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            config.__dict__["CACHE_DIR"] = str(folder)
            config.__dict__["CACHE_LOCATOR_CLASSES"] = f"{__name__}.{KernelLocator.__name__}"
    except OSError:
        return None
    return folder


FOLDER = _use_folder()
"""Where compiled code is kept, if anywhere."""

# No fast-math: what is written is what is computed, on every machine. LLVM contracts nothing of its
# own accord either; `lanes.fma` is the one way to a fused multiplication.
OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": False,
    "cache": FOLDER is not None,
}
