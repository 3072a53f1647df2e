"""Imported by the fork server before it makes workers, so that they all start with the kernels loaded."""

from service.jobs.kernels import compile_kernels, kernels_are_kept

if kernels_are_kept():
    compile_kernels()
