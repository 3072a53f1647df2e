"""Programs that say what learners say to torch: each prints what it prints in plain Python."""

TORCH = {
    "the product by hand": """
import torch
w = torch.tensor([3.0, 4.0], requires_grad=True)
lr = 3e-3
losses = [0.0]
for step in range(50):
    loss = (15 - w.prod()) ** 2
    loss.backward()
    losses.append(loss.item())
    losses[-1] += 0.0
    with torch.no_grad():
        w -= lr * w.grad
        w.grad.zero_()
print(w, w.grad, losses[-1], f"{loss:.4f}", f"{loss.item():8.3f}")
for _ in range(3):
    ((15 - w.prod()) ** 2).backward()
    w.data -= lr * w.grad
    w.data[0] += 0.5
    w.grad = None
print(w, w.grad, w.data, w.is_leaf, w.requires_grad, w.detach(), loss.grad_fn, w.shape, w.dtype, w.device)
v = (w * 2).requires_grad_() if False else w.clone().detach().requires_grad_(True)
v.requires_grad = False
v[0] = 1
v[1:] *= 2
v[0], v[1] = v[1].item(), v[0].item()
print(v, v.tolist(), v.numel(), v.size(), v.size(0), len(v), [float(x) for x in v], v.T.ndim)
""",
    "a network": """
import torch
import torch.nn as nn
import torch.nn.functional as F

class MyNetwork(nn.Module):
    \"\"\"A network.\"\"\"

    def __init__(self, hidden: int = 4):
        super(MyNetwork, self).__init__()
        self.hidden = hidden
        self.m1 = nn.Linear(3, hidden)
        self.act = nn.ReLU()
        self.layers = nn.ModuleList([nn.Linear(hidden, hidden) for _ in range(2)])
        self.scale = nn.Parameter(torch.ones(1))
        self.register_buffer("offset", torch.zeros(5))
        self.calls = 0
        self.m2 = nn.Linear(hidden, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        x = self.act(self.m1(x))
        for layer in self.layers:
            x = torch.tanh(layer(x)) + x
        return self.m2(F.relu(x)) * self.scale + self.offset

    @property
    def size(self):
        return sum(p.numel() for p in self.parameters())

    @torch.no_grad()
    def predict(self, *numbers):
        return self(torch.tensor(numbers)).round().tolist()

torch.manual_seed(0)
my_network = MyNetwork()
print(my_network, my_network.size, my_network.hidden, my_network.training)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(my_network.parameters(), lr=1e-2, betas=(0.9, 0.99))
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10, gamma=0.5)
for epoch in range(1, 31):
    optimizer.zero_grad()
    loss = criterion(my_network(torch.tensor([1.0, 2.0, 3.0])), torch.tensor([1.0, 2, 3, 4, 5]))
    loss.backward()
    nn_total = sum((p.grad ** 2).sum() for p in my_network.parameters() if p.grad is not None)
    optimizer.step()
    scheduler.step()
    if epoch % 10 == 0:
        print(f"{epoch:3d} {loss.item():.4f} {nn_total:.3e}", scheduler.get_last_lr())
for group in optimizer.param_groups:
    group["lr"] = 0.1
optimizer.param_groups[0]["lr"] *= 0.5
my_network.eval()
print(my_network.predict(1.0, 2.0, 3.0), optimizer, my_network.calls, my_network.training)
print([name for name, _ in my_network.named_parameters()], list(my_network.state_dict()))
print(my_network.m1.weight.grad.shape, my_network.m1.in_features, my_network.layers[0], len(my_network.layers))
copy = MyNetwork()
copy.load_state_dict(my_network.state_dict())
print(torch.equal(copy.m1.weight, my_network.m1.weight), dict(copy.named_buffers()), copy.scale)
with torch.no_grad():
    copy.m1.weight.fill_(0.5)
    copy.m1.bias += 1
    copy.m2.weight[0] = torch.zeros(4)
    copy.scale.copy_(torch.tensor([2.0]))
copy.m1.weight.requires_grad = False
print(copy.m1.weight, copy.m1.bias, copy.m2.weight[0], copy.scale, [p.requires_grad for p in copy.parameters()])
""",
    "containers": """
import torch
from torch import nn
torch.manual_seed(1)
model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 5))
print(model, model[0], model[-1].bias.shape, len(model), [type(layer).__name__ for layer in model])
model.append(nn.Identity())
by_name = nn.ModuleDict({"first": nn.Linear(1, 1), "second": nn.Tanh()})
by_name["third"] = nn.Sigmoid()
print(by_name, "first" in by_name, list(by_name.keys()))
listed = nn.ParameterList([nn.Parameter(torch.ones(2)) for _ in range(2)])
print(len(list(listed.parameters())), listed[0], [p.sum().item() for p in listed])
def init(module):
    if isinstance(module, nn.Linear):
        nn.init.constant_(module.weight, 0.5)
        nn.init.zeros_(module.bias)
model.apply(init)
print(model(torch.ones(2, 3)))
class Deep(nn.Module):
    def __init__(self, widths):
        super().__init__()
        for i, (a, b) in enumerate(zip(widths, widths[1:])):
            self.add_module(f"layer{i}", nn.Linear(a, b, bias=False))
    def forward(self, x):
        for layer in self.children():
            x = layer(x)
        return x
deep = Deep([3, 2, 5])
print(deep, deep.layer0, deep(torch.zeros(3)), deep.get_parameter("layer1.weight").shape)
deep.forward = lambda x: x
print(deep(1), nn.Dropout(0.5).eval()(torch.ones(2)), nn.Flatten()(torch.ones(2, 3, 4)).shape)
""",
    "data": """
import torch
from torch.utils.data import Dataset, TensorDataset, DataLoader

class Triples(Dataset):
    def __init__(self, n):
        generator = torch.Generator().manual_seed(7)
        self.x = torch.randint(-10, 11, (n, 3), generator=generator).float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        a, b, c = self.x[index]
        return self.x[index], torch.stack([a, b, c, c + 1, c + 2])

data = Triples(5)
print(len(data), data[0], generator) if False else print(len(data), data[0])
torch.manual_seed(3)
for x, y in DataLoader(data, batch_size=2, shuffle=True):
    print(x, y.shape)
for batch in DataLoader(TensorDataset(data.x, data.x.sum(dim=1)), batch_size=3, drop_last=True, num_workers=0):
    print(batch)
loader = DataLoader([1.0, 2.0, 3.0], batch_size=2)
print(len(loader), list(loader), loader.batch_size, len(loader.dataset), isinstance(loader, DataLoader))
print(next(iter(DataLoader(list(zip([1, 2], "ab")), batch_size=2, collate_fn=lambda items: items))))
pairs = TensorDataset(data.x, data.x[:, :1])
print(pairs[:2], len(pairs), pairs.tensors[1].shape)
order = torch.randperm(len(data))
for start in range(0, 5, 2):
    print(data.x[order[start:start + 2]], data.x[[0, 1], [1, 2]], data.x[data.x > 5], data.x[None, :, 0].shape)
""",
    "tensors": """
import torch
a = torch.arange(6.0).reshape(2, 3)
print(a @ a.T, a * 2, a[0], a[:, 1], a[..., -1], a.sum(), a.mean(dim=0), a.max(dim=1), a.max(dim=1).values)
print(torch.cat([a, a]), torch.stack([a, a]).shape, a.view(-1), a.t(), a.unsqueeze(0).squeeze().shape, a.argmax())
print(torch.topk(a, 2).indices, a.sort(descending=True)[0], torch.where(a > 2, a, torch.zeros_like(a)), a > 2)
print(a.std(), a.var(unbiased=False), a.norm(), a.abs().sqrt(), a ** 2, -a, a // 2, a % 2, 1 / (a + 1), 2 ** a)
print(a.int(), a.long().dtype, a.to(torch.float64), a.bool(), a.double(), a == a, torch.allclose(a, a + 1e-9))
print(torch.tensor([[1, 2], [3, 4]]), torch.tensor(True), torch.tensor(3), torch.tensor([1.5], dtype=torch.float64))
print(torch.zeros(2, 2), torch.ones(3, dtype=torch.long), torch.full((2,), 7.0), torch.eye(2), torch.linspace(0, 1, 3))
print(torch.Tensor([1, 2]), torch.Tensor(2, 0).shape, torch.nan, torch.inf, torch.pi, torch.float32, torch.Size([1]))
print(torch.tensor(5.0).item(), int(torch.tensor(5)), float(a[1, 2]), bool(torch.tensor(0)), round(a[0, 1].item(), 2))
x = torch.tensor(2.0, requires_grad=True)
(grad,) = torch.autograd.grad(x ** 3, x, create_graph=True)
print(grad, torch.autograd.grad(grad, x), torch.linalg.norm(a), torch.linalg.svd(a).S.shape, torch.is_tensor(a))
torch.set_printoptions(precision=2, sci_mode=False)
print(a / 3, torch.einsum("ij,kj->ik", a, a), f"{a[0]}", str(a.shape), a.shape[0], a.shape == (2, 3), list(a.shape))
a[0, 0], a[1] = 9, torch.tensor([7.0, 8, 9])
a[a > 8] = 0
a += 1
a[:, 0] -= 1
print(a, a.add_(1), a.clamp(min=0, max=5), a.masked_fill(a > 5, -1), a.cumsum(1), a.flatten().tolist(), [*a[0]])
for row in a:
    for number in row:
        print(number.item(), end=" ")
with torch.inference_mode(), torch.enable_grad():
    print(torch.is_grad_enabled(), (x * 2).requires_grad)
""",
    "optimizers, schedulers and losses": """
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim import lr_scheduler
def trained(make, schedule=None):
    w = torch.tensor([1.0, -2.0], requires_grad=True)
    optimizer = make([w])
    scheduler = schedule(optimizer) if schedule else None
    for step in range(5):
        loss = (w ** 2).sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if scheduler:
            scheduler.step(loss.item()) if isinstance(scheduler, lr_scheduler.ReduceLROnPlateau) else scheduler.step()
    return w, optimizer.param_groups[0]["lr"]
for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop, torch.optim.Adagrad):
    print(kind.__name__, kind, *trained(lambda params: kind(params, lr=0.1)))
for schedule in (
    lambda o: lr_scheduler.ExponentialLR(o, gamma=0.5), lambda o: lr_scheduler.LambdaLR(o, lambda e: 1 / (e + 1)),
    lambda o: lr_scheduler.MultiStepLR(o, [2, 3]), lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=5),
    lambda o: lr_scheduler.ReduceLROnPlateau(o, patience=0, factor=0.1),
):
    print(*trained(lambda params: torch.optim.SGD(params, lr=0.1, momentum=0.9), schedule))
x, y = torch.tensor([[0.2, 0.7], [0.5, 0.1]]), torch.tensor([[0.0, 1.0], [1.0, 0.0]])
for loss in (nn.MSELoss(), nn.L1Loss(), nn.HuberLoss(), nn.BCELoss(), nn.BCEWithLogitsLoss(), nn.CrossEntropyLoss()):
    print(loss, loss(x, y))
print(F.mse_loss(x, y, reduction="sum"), F.cross_entropy(x, torch.tensor([0, 1])), F.softmax(x, dim=1))
optimizer = torch.optim.SGD([{"params": [x], "lr": 1.0}, {"params": [y]}], lr=0.5)
print(optimizer.state_dict(), len(optimizer.param_groups), optimizer.defaults["lr"])
""",
    "errors that torch raises": """
import torch
from torch import nn
def says(what):
    try:
        what()
    except Exception as error:
        print(type(error).__name__, error)
x = torch.tensor(1.0, requires_grad=True)
says(lambda: torch.tensor([1, 2]) @ torch.tensor([1.0]))
says(lambda: nn.Linear(3, 2)(torch.tensor([1, 2, 3])))
says(lambda: nn.Linear(3, 2)(torch.ones(2)))
says(lambda: torch.ones(2, requires_grad=True).backward())
says(lambda: x.nothing)
says(lambda: nn.Linear(1, 1).nothing)
says(lambda: "a".nothing)
says(lambda: None.zero_())
says(lambda: [].nothing)
says(lambda: torch.tensor(1, 2))
says(lambda: torch.tensor([[1], [1, 2]]))
says(lambda: torch.tensor("a"))
says(lambda: torch.optim.SGD([], lr=1))
says(lambda: torch.optim.SGD(x, lr=1))
says(lambda: torch.ones(3)[5])
says(lambda: 1 + "a")
says(lambda: [][0])
says(lambda: {}["a"])
says(lambda: undefined)
says(lambda: nn.Module()(1))
def write_leaf():
    x[...] += 1
says(write_leaf)
def write_tuple():
    (1, 2)[0] = 3
says(write_tuple)
def write_none():
    None.grad = 1
says(write_none)
def too_many():
    a, b = 1, 2, 3
says(too_many)
class Empty(nn.Module):
    def __init__(self):
        self.m1 = nn.Linear(1, 1)
says(Empty)
""",
}
"""By what they are about."""
