"""The special words of the page, and one plain sentence for each, shown where the word stands.

docs/glossary.md says the same; tests/test_docs.py holds that.
"""

from collections.abc import Iterator, Sequence

from ui.components.parts import button
from ui.markup import Child, Markup, join, tag
from ui.static import script

TERMS = {
    "AccumulateGrad": "What autograd calls the place where it adds a gradient to the .grad of a leaf.",
    "activation": "A function such as relu or tanh that every number of a hidden layer goes through.",
    "Autograd": "The part of PyTorch that remembers each calculation, so that it can find the gradients.",
    "batch": "The examples that one step learns from.",
    "bias": "A number that a layer adds to a sum, whatever the inputs are.",
    "certificate": "Says how far a network is right, and whether that is proved or only checked.",
    "curvature": "How quickly the slope of the loss changes: the more it does, the smaller steps must be.",
    "diverged": "The training broke: a weight or the loss was no longer a finite number.",
    "dtype": "The kind of numbers in a tensor: float32 for numbers with a point, int64 for whole numbers.",
    "engine": "What runs the training loop: PyTorch itself, or a faster program that takes the same steps.",
    "epoch": "As many steps as it takes to use every training example once.",
    "fingerprint": "A short code computed from the weights: if one bit of them differs, so does the code.",
    "float32": "The kind of number that networks use: 32 bits, enough for about seven digits.",
    "floor": "A loss that this network cannot get below, whatever its weights are.",
    "grad_fn": "The operation that a tensor was made by; Backprop goes back through it.",
    "gradient": "How fast the loss changes as one number grows: above 0 it rises, below 0 it falls.",
    "held out": "Kept out of training, to see how the network does on examples it has not learned from.",
    "latent": "A value in between: computed from other numbers, not set by you.",
    "leaf": "A tensor that was not computed from others, such as a weight; Backprop leaves a gradient in it.",
    "learning rate": "How far each step goes: plain SGD multiplies the gradient by it.",
    "loss": "One number that says how wrong the answers are; at 0 they are exactly right.",
    "mean loss": "The average of the loss over all examples.",
    "momentum": "How much of the last step is repeated in the next one, like a ball that keeps rolling.",
    "optimizer": "The rule that changes the weights, given their gradients.",
    "parameters": "The numbers that training may change: the weights and the biases.",
    "proved": "True for every vector in the range, by a calculation that covers them all.",
    "radius": "The largest N for which every vector of whole numbers from -N to N gets the right answer.",
    "rank": "How many independent directions a matrix keeps; what lies in any other direction is lost.",
    "saddle": "A point where the slope is 0, though the loss falls in some directions from there.",
    "seed": "The number that the random first weights are made from: the same seed gives the same weights.",
    "shape": "How many numbers a tensor holds in each direction: [2, 3] means 2 rows of 3.",
    "standstill": "A training that goes on without changing any weight.",
    "step": "One round of Backprop, Optimize, Reset.",
    "sweep": "Many trainings at once, one for each combination of settings.",
    "tensor": "A number, a list of numbers, or a table of them, as PyTorch holds it.",
    "to the bit": "Exactly the same number, down to the last of its 32 bits.",
    "weight": "A number that an input is multiplied by; training changes it.",
    "weight decay": "Pulls every weight a little toward 0 in each step.",
}
"""What each word means."""

SCRIPT = script("terms")
"""Shows the sentence of a word beside it: under the pointer, with the keyboard's focus, and when tapped."""


def term(name: str, words: Child = None) -> Markup:
    """A word of TERMS that says what it means; `words` stand in its place, such as a plural.

    It can stand in a figure, and in the text of a gr.Markdown, which leaves a button its classes but not its
    other attributes. Raises KeyError for a word that is not in TERMS.
    """
    place = _place(name)
    return button(f"term.{place}", words or name, aria_describedby=place)


def about(name: str) -> Markup:
    """A question mark that says what the word beside it means, where that is a label."""
    place = _place(name)
    return button(f"term.about.{place}", "?", aria_describedby=place, aria_label=f"What is {name}?")


def explained(*names: str) -> Markup:
    """A line of words for the controls around it, whose own labels are Gradio's."""
    return tag("p.explained", "What the words mean: ", join(_separated(names)))


def _separated(names: Sequence[str]) -> Iterator[Child]:
    for index, name in enumerate(names):
        yield ", " if index else None
        yield term(name)


def terms() -> Markup:
    """The sentences, hidden until they are asked for. They stand on the page once."""
    return tag("div", (_sentence(name) for name in TERMS))


def _sentence(name: str) -> Markup:
    return tag("span.term-sentence", TERMS[name], id=_place(name), role="tooltip", popover="manual")


def _place(name: str) -> str:
    """The id of the sentence, and the class of the buttons that show it."""
    if name not in TERMS:
        raise KeyError(name)
    return f"term-{name.replace(' ', '-')}"
