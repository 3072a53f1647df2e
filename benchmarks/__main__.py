"""Run every benchmark and print its table."""

import platform

import gradio
import torch

from benchmarks import autograd, startup


def main() -> None:
    """Print the machine, then one table a benchmark."""
    versions = f"Python {platform.python_version()}, torch {torch.__version__}, gradio {gradio.__version__}"
    print(f"{platform.machine()}, {versions}\n")
    for benchmark in (autograd, startup):
        print(f"{benchmark.TITLE}\n")
        for line in benchmark.run():
            print(line)
        print()


if __name__ == "__main__":
    main()
