"""The compiled engine's kernels as WebAssembly, for the page: `make wasm` writes ui/static/kernels/."""
