"""What runs in a process of its own: one program, told over a socket, and then the process ends."""

import json
import os
import signal
import warnings
from multiprocessing.connection import Connection
from typing import Any

from service.sandbox.interpreter import Running, run_program
from service.sandbox.limits import isolate, limit, shut
from service.torch_state import one_thread, seeded

PROGRESS_SECONDS = 0.1
"""How often a program that runs is looked at."""

WARM_UP = """
import torch, math, random
import torch.nn as nn
import torch.nn.functional as F
torch.manual_seed(0)
class MyNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.m1 = nn.Linear(3, 2)
        self.m2 = nn.Linear(2, 5)

    def forward(self, x):
        return self.m2(torch.relu(self.m1(x)))

my_network = MyNetwork()
my_sequence = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 5))
print(my_network, my_network(torch.randn(4, 3)), my_network.m1.weight, my_network.parameters())
for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop):
    optimizer = kind(my_network.parameters(), lr=0.1)
    for each in my_network.parameters():
        each.grad = torch.ones_like(each)
    optimizer.step()
    optimizer.zero_grad()
    print(optimizer, kind)
print(F.mse_loss(torch.ones(5, 1), torch.ones(5)), f"{torch.tensor(1.0):.3f}", torch.ones(3) / 0)
print(my_network.state_dict(), torch.randint(-10, 11, (8, 3)), random.random(), math.pi)
torch.tensor([1, 2]) @ torch.tensor([1.0])
"""
"""What torch imports when it is first used is imported once, before there are children. No backward: torch
refuses it in a child whose parent has done one."""


def prepare() -> None:
    """Leave the network, and load what programs take."""
    isolate()
    one_thread()
    warnings.simplefilter("ignore")  # nobody reads what is written beside a program's output
    run_program(WARM_UP)


def run(descriptor: int) -> None:
    """Run the program that the socket tells, tell how it goes and how it ended, and end the process."""
    connection = Connection(descriptor)
    asked = json.loads(connection.recv_bytes())
    _close_all_but(descriptor)
    limit(asked["seconds"], asked["memory"])
    shut()
    seeded(asked["seed"])

    def tell(what: dict[str, Any]) -> None:
        connection.send_bytes(json.dumps(what).encode())

    def begin(running: Running) -> None:
        telling = False

        def look(_number: int, frame: Any) -> None:
            nonlocal telling
            if telling:  # the next time has come before what was shown until the last one is told
                return
            telling = True
            tell({"progress": running.progress(frame).model_dump()})
            telling = False

        signal.signal(signal.SIGALRM, look)
        signal.setitimer(signal.ITIMER_REAL, PROGRESS_SECONDS, PROGRESS_SECONDS)

    report = run_program(asked["program"], rate_factor=asked["rate_factor"], begin=begin)
    signal.setitimer(signal.ITIMER_REAL, 0)
    tell({"report": report.model_dump()})
    os._exit(0)


def _close_all_but(descriptor: int) -> None:
    """Nothing that the nursery had open is there for the program, standard input and output included."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, 1024)
