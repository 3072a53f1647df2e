"""Imported by the fork server before it makes workers, so that they all start with the kernels loaded."""

import atexit
import os

from service.jobs.kernels import compile_kernels, kernels_are_kept

if kernels_are_kept():
    compile_kernels()
# It ends with the server, at once: taking down all that is loaded, piece by piece, would take seconds.
atexit.register(os._exit, 0)
