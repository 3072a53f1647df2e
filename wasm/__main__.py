"""Write the kernels' files to a folder: `python -m wasm ui/static/kernels`."""

import os
import sys
from pathlib import Path

# Before Numba is imported: its code as it is written down, of no processor in particular, and kept nowhere.
os.environ |= {
    "NUMBA_OPT": "0",
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "",
    "NUMBA_CACHE_DIR": os.devnull + "/none",
}

from wasm.build import modules, sources

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for name, content in modules():
    (folder / name).write_bytes(content)
(folder / "sources.sha256").write_text(sources() + "\n")
