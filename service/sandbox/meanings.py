"""What the errors mean that programs like the lab's end with: for each, a sentence or two for a learner."""

import re

BROADER = {
    "IndentationError": "SyntaxError",
    "TabError": "SyntaxError",
    "UnboundLocalError": "NameError",
}
"""Types of errors that stand in MEANINGS under another one."""

MEANINGS: dict[str, dict[str, str]] = {
    "RuntimeError": {
        "Trying to backward through the graph a second time": (
            "Backprop frees the graph that it walks along. Compute the loss again, from the beginning, "
            "before the next Backprop."
        ),
        "element 0 of tensors does not require grad": (
            "No way leads from this loss back to a number that may change: it is made from tensors without "
            "`requires_grad=True`, or `.item()`, `torch.tensor` or `no_grad` cut the way."
        ),
        "grad can be implicitly created only for scalar outputs": (
            "Backprop starts from one number, and this tensor holds several. Add them up with `torch.sum`."
        ),
        "a view of a leaf Variable that requires grad is being used in an in-place operation": (
            "A part of a tensor that Backprop tracks was changed in place. Do that within `with "
            "torch.no_grad():`."
        ),
        "a leaf Variable that requires grad is being used in an in-place operation": (
            "A tensor that Backprop tracks was changed in place. Do that within `with torch.no_grad():`."
        ),
        "modified by an inplace operation": (
            "A number changed between Forward and Backprop, which needs it as it was. Optimize only after "
            "Backprop, and compute the loss anew in every round."
        ),
        "you can only change requires_grad flags of leaf variables": (
            "This tensor was computed, so whether it has a gradient follows from what it was computed from."
            " `.detach()` gives its values alone."
        ),
        r"mat1 and mat2 shapes cannot be multiplied \(\d+x(?P<given>\d+) and (?P<wanted>\d+)x\d+\)": (
            "What comes in has {given} numbers, and {wanted} are wanted: a layer must take as many as the "
            "one before it gives."
        ),
        "size mismatch, got|inconsistent tensor size": (
            "The two have different lengths: the product needs as many numbers on one side as on the other."
        ),
        r"The size of tensor a \((?P<a>\d+)\) must match the size of tensor b \((?P<b>\d+)\)": (
            "One has {a} numbers where the other has {b}: they cannot be paired."
        ),
        "same dtype, but (got|found) (?P<a>Long|Int) and": (
            "Whole numbers meet floats. Write the vector with periods, `[1., 2., 3.]`, or add `.float()`."
        ),
        "same dtype, but (got|found)|expected m1 and m2 to have the same dtype": (
            "Tensors of different kinds of numbers meet. Layers hold float32: add `.float()` to the other."
        ),
        "nly Tensors of floating point .*can require gradients": (
            "Only a float can change a little, which is what a gradient is about. Write the number with a "
            "period: `3.`."
        ),
        "Tensor with .* elements cannot be converted to Scalar": (
            "This needs one number, and the tensor holds several: take one, such as `[0]`, or `torch.sum`."
        ),
        "Boolean value of Tensor with more than one value is ambiguous": (
            "Several numbers are compared at once, so there are several answers. Ask for all of them: "
            "`.all()`."
        ),
        "stack expects each tensor to be equal size": "Only tensors of the same shape can be stacked.",
    },
    "TypeError": {
        r"unsupported operand type\(s\) for .*'NoneType' and '(float|int)'|'(float|int)' and 'NoneType'": (
            "One of the two is None. A `.grad` is None before the first Backprop, after Reset, and for a "
            "tensor that was computed; a function without `return` gives None too."
        ),
        "unsupported operand type.*'NoneType'": (
            "One of the two is None: what a function gives back that has no `return`. Does `forward` end "
            "with one?"
        ),
        "params argument given to the optimizer should be an iterable": (
            "The optimizer takes a list, even of one tensor: `SGD([var_1], lr=3e-3)`."
        ),
        "optimizer can only optimize Tensors, but one of the params is (?P<kind>.+)": (
            "The optimizer's list must hold tensors; this is a {kind}."
        ),
        "'method' object is not iterable": "The parentheses are missing: `parameters()`.",
        r"__init__\(\) got an unexpected keyword argument '(?P<name>\w+)'": (
            "There is no option of that name: the learning rate is `lr`."
        ),
        r"linear\(\): argument 'input' .*must be Tensor, not (?P<kind>\w+)": (
            "A layer takes a tensor, and this is a {kind}: put `torch.tensor(...)` around it."
        ),
        r"tensor\(\) takes 1 positional argument but \d+ were given": (
            "A vector goes in as one list: `torch.tensor([1., 2., 3.])`."
        ),
        "iteration over a 0-d tensor": ("This tensor is one number, not a list of them."),
        r"forward\(\) missing \d+ required positional argument": (
            "The network was called without its input: `my_network(my_input)`."
        ),
        r"forward\(\) takes 1 positional argument but 2 were given": (
            "`forward` needs `self` first: `def forward(self, x):`."
        ),
        "missing 1 required positional argument: 'self'": (
            "This was asked of the class. Make a network from it first: `my_network = MyNetwork()`."
        ),
        r"Linear.__init__\(\) missing": (
            "`nn.Linear` takes two numbers: how many come in, and how many go out."
        ),
        r"__init__\(\) takes 1 positional argument but \d+ were given": (
            "The class makes a network, and takes nothing. The input goes into what it made: `my_network = "
            "MyNetwork()`, then `my_network(my_input)`."
        ),
        "cannot assign '.*' as parameter": (
            "A layer's weights must stay an nn.Parameter. Change its values within `with torch.no_grad():`."
        ),
        "'(Tensor|Parameter|int|float)' object is not callable": (
            "A number is followed by parentheses, as a function is: for a product write `*`."
        ),
        "object is not callable": "Parentheses call something, and this cannot be called.",
        "'float' object cannot be interpreted as an integer": (
            "A whole number is needed here, as in `range(100)`; `1e2` is a float."
        ),
        "'int' object is not iterable": "A number cannot be walked through: `range(100)` can.",
    },
    "AttributeError": {
        "'NoneType' object has no attribute '(zero_|data|item|add_|mul_|clone|detach|sum|norm|abs)'": (
            "This is None. A `.grad` is None before the first Backprop, after Reset, and for a tensor that "
            "was computed."
        ),
        "'NoneType' object": (
            "This is None: what a function gives back that has no `return`, and what `backward()`, `step()`"
            " and `print()` give back."
        ),
        "'(float|int)' object has no attribute 'backward'": (
            "A plain number knows nothing of what it was computed from. Call `backward()` on the loss as a "
            "tensor, without `.item()`."
        ),
        "'(?P<kind>[^']+)' object has no attribute 'backward'": (
            "Backprop starts from the loss: `loss.backward()`."
        ),
        "'(Tensor|Parameter|float|int)' object has no attribute '(?P<name>step|zero_grad)'": (
            "The optimizer does that for all its numbers: `my_sgd.{name}()`."
        ),
        "'(?P<kind>[^']+)' object has no attribute 'step'": "Optimize is the optimizer's: `my_sgd.step()`.",
        r"before Module.__init__\(\) call|has no attribute '_(parameters|modules|backward_hooks)'": (
            "`super().__init__()` must run first in `__init__`: it makes the places where layers are kept. "
            "Mind its parentheses."
        ),
        "(module|type object) .*has no attribute '(?P<name>[^']+)'": (
            "There is no `{name}` in it: look at the spelling, capital letters too."
        ),
        "has no `(?P<name>[^`]+)` here": (
            "Look at the spelling, capital letters too. Programs here have chosen parts of PyTorch: `{name}` "
            "may be none of them."
        ),
        "cannot be used here": "Programs here have chosen parts of PyTorch, and this is none of them.",
        "object has no attribute '(?P<name>[^']+)'": (
            "It has no `{name}`: look at the spelling, and whether `__init__` makes it."
        ),
    },
    "ValueError": {
        "optimizer got an empty parameter list": (
            "The optimizer was given nothing to change. Layers in a plain Python list are not found by "
            "`parameters()`: use `nn.ModuleList`, or a name each."
        ),
        "can't optimize a non-leaf Tensor": (
            "An optimizer changes numbers that stand at the beginning, not what is computed from them."
        ),
        "only one element tensors can be converted": (
            "This needs one number, and the tensor holds several: take one, such as `[0]`, or `torch.sum`."
        ),
        "expected sequence of length": "The rows of a matrix must be equally long.",
    },
    "IndexError": {
        r"index (?P<index>-?\d+) is out of bounds for dimension \d+ with size (?P<size>\d+)": (
            "Counting begins at 0: there are {size} here, so {index} is none of them."
        ),
        "invalid index of a 0-dim tensor": ("This tensor is one number, not a list of them."),
    },
    "NotImplementedError": {
        'missing the required "forward" function': (
            "The class has no function called exactly `forward`, or it stands outside the class: look at "
            "its spelling and its indentation."
        ),
    },
    "NameError": {
        "cannot access local variable '(?P<name>[^']+)'": (
            "Within a function, `{name}` is the function's own, because the function sets it; here it has "
            "no value yet."
        ),
        "name '(?P<name>[^']+)' is not defined": (
            "Nothing is called `{name}` yet: look at the spelling, and whether the line that makes it runs "
            "before. Layers are `self.` something."
        ),
    },
    "ZeroDivisionError": {
        "": "Something is divided by 0.",
    },
    "RecursionError": {
        "": "A function calls itself without end.",
    },
    "SyntaxError": {
        "expected ':'": "A line that begins a block (for, if, with, def, class) ends with a colon.",
        "expected an indented block": "What belongs to the line before must be indented: four spaces.",
        "unexpected indent": "This line is indented, and nothing before it begins a block.",
        "unindent does not match|inconsistent use of tabs": (
            "All lines of a block must begin equally far to the right, with spaces only."
        ),
        r"'(?P<open>[(\[{])' was never closed": "A `{open}` was opened, and its other half is missing.",
        r"unmatched '(?P<close>[)\]}])'": "There is a `{close}` too many.",
        "unterminated string literal": "A text was begun with a quotation mark, and does not end with one.",
        "instead of '='|cannot assign to": (
            "`=` gives a name to a value: the name stands at its left. Two values are compared with `==`."
        ),
        "Perhaps you forgot a comma": "Something is missing between two values: a comma, or an operation.",
        "Missing parentheses in call": "`print` is a function: `print(...)`.",
        "invalid syntax": "Python cannot read this line. The cause may stand at the end of the line before.",
    },
}
"""By the type of the error, and by what is found in its message, whose named groups fill the sentence. The
first that is found counts."""


def meaning(error_type: str, message: str) -> str | None:
    """What an error means, by the name of its type and its message; None where we do not know."""
    for pattern, says in MEANINGS.get(BROADER.get(error_type, error_type), {}).items():
        found = re.search(pattern, message)
        if found:
            return says.format(**found.groupdict())
    return None
