"""Tests of what compiles the kernels for the page."""
