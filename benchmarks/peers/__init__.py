"""The same training in other hands: the lab's loop, this project's engines, and other libraries.

The other libraries are needed here alone, so each is imported where it is used.
"""

from functools import partial

from benchmarks.peers.base import Peer
from benchmarks.peers.c_loop import c_loop
from benchmarks.peers.jax_scan import jax_scan
from benchmarks.peers.ours import engine, lab_loop, torch_compiled
from benchmarks.peers.page import page
from benchmarks.peers.scalars import micrograd
from benchmarks.peers.trainers import lightning, skorch
from benchmarks.peers.warp_loop import warp_loop

PEERS: dict[str, tuple[Peer, ...]] = {
    "lab's loop": (lab_loop,),
    "autograd engine": (partial(engine, "autograd"),),
    "compiled engine": (partial(engine, "compiled"),),
    "page, fused": (partial(page, "fused"),),
    "page, exact": (partial(page, "exact"),),
    "C loop": (c_loop,),
    "Warp": (warp_loop,),
    "JAX": tuple(partial(jax_scan, unroll, summed) for unroll in (1, 4) for summed in (False, True)),
    "torch.compile": (torch_compiled,),
    "skorch": (skorch,),
    "Lightning": (lightning,),
    "micrograd": (micrograd,),
}
"""The columns of the table. Where a peer can be had in several ways, the fastest counts."""
