"""Training steps in PyTorch of what a recipe of imagekin describes: what bench/train.js measures imagekin against."""

import argparse
import json

import torch
import torch.nn.functional as F
from serve_steps import serve_steps
from torch import nn
from torch_muon import Muon
from torch_networks import networks

BATCHES = 8  # that the steps take in turn


class PairSoftmax(nn.Module):
    """Every anchor is to find its positive among all positives; anchors come first, then their positives."""

    def __init__(self, temperature, symmetric, **_):
        super().__init__()
        assert not symmetric, "only the form of the Keras example is written here"
        self.temperature = temperature

    def forward(self, embeddings, _):
        anchors, positives = embeddings.chunk(2)
        return F.cross_entropy(anchors @ positives.T / self.temperature, torch.arange(len(anchors)))


class NormalizedSoftmax(nn.Module):
    """Every class has a learned proxy of unit length, and an embedding is to find that of its class."""

    def __init__(self, temperature, labelSmoothing, dimension, class_count):
        super().__init__()
        self.proxies = nn.Parameter(torch.empty(class_count, dimension).uniform_(-1, 1) / dimension**0.5)
        self.temperature, self.label_smoothing = temperature, labelSmoothing

    def forward(self, embeddings, labels):
        logits = embeddings @ F.normalize(self.proxies).T / self.temperature
        return F.cross_entropy(logits, labels, label_smoothing=self.label_smoothing)


losses = {"pair-softmax": PairSoftmax, "normalized-softmax": NormalizedSoftmax}


def optimizers(parameters, rate, name, **options):
    """The optimizers that together take a step of the one described."""
    if name == "adam":
        betas = (options["beta1"], options["beta2"])
        return [torch.optim.Adam(parameters, rate, betas, options["epsilon"])]
    if name == "sgd":
        return [
            torch.optim.SGD(
                parameters,
                rate,
                momentum=options["momentum"],
                nesterov=options["nesterov"],
                weight_decay=options["weightDecay"],
            )
        ]
    if name == "muon":
        kernels = [parameter for parameter in parameters if parameter.ndim == 4]
        others = [parameter for parameter in parameters if parameter.ndim != 4]
        return [
            Muon(kernels, rate, options["momentum"], options["iterations"]),
            torch.optim.SGD(
                others, rate * options["otherRate"], momentum=options["otherMomentum"], nesterov=True
            ),
        ]
    raise ValueError(f"expected adam, sgd or muon, got {name}")


def named(part):
    """Name and options of a part of a recipe."""
    options = dict(part)
    return options.pop("name"), options


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=json.loads, required=True, help="JSON: what to train, see train-peers.js")
    parser.add_argument("--memory-format", choices=["default", "channels_last"], default="default")
    options = parser.parse_args()
    work = options.work
    recipe = work["recipe"]

    torch.set_num_threads(work["threads"])
    torch.set_flush_denormal(True)  # as imagekin does
    torch.manual_seed(0)
    memory_format = torch.channels_last if options.memory_format == "channels_last" else torch.contiguous_format

    network_name, network_options = named(recipe["network"])
    size = network_options["inputSize"]
    count, classes = work["batchSize"], work["classCount"]
    # Images arrive as decoders give them, [N, H, W, 3], and labels as int64 [N].
    batches = [
        (
            torch.randint(256, (count, size["height"], size["width"], 3), dtype=torch.uint8),
            torch.randint(classes, (count,)),
        )
        for _ in range(BATCHES)
    ]

    def channels_first(images):
        return images.permute(0, 3, 1, 2).contiguous(memory_format=memory_format)

    network = networks[network_name](**network_options).to(memory_format=memory_format)
    if hasattr(network, "fit"):
        network.fit(channels_first(batches[0][0]))
    loss_name, loss_options = named(recipe["loss"])
    if loss_name == "normalized-softmax":
        loss_options |= {"dimension": network_options["dimension"], "class_count": classes}
    loss_of = losses[loss_name](**loss_options)
    parameters = [p for p in [*network.parameters(), *loss_of.parameters()] if p.requires_grad]
    optimizer_name, optimizer_options = named(recipe["optimizer"])
    steppers = optimizers(parameters, work["learningRate"], optimizer_name, **optimizer_options)
    steps = 0

    def step():
        nonlocal steps
        images, labels = batches[steps % BATCHES]
        steps += 1
        loss = loss_of(network(channels_first(images)), labels)
        for stepper in steppers:
            stepper.zero_grad(set_to_none=True)
        loss.backward()
        for stepper in steppers:
            stepper.step()
        return loss.item()

    hello = {
        "name": f"PyTorch {torch.__version__}, {options.memory_format.replace('default', 'contiguous')}",
        "parameters": sum(p.numel() for p in parameters),
    }
    serve_steps(hello, step)


if __name__ == "__main__":
    main()
