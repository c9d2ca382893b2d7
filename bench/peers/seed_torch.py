"""The seed recipe (`keras-example`) in PyTorch: what bench/seed.js measures imagekin against.

Network   pixels / 255; convolutions of 32, 64, 128 channels (3x3, stride 2, no padding, ReLU); global average
          pooling; dense 8, linear; L2 normalisation.
Batch     one (anchor, positive) pair per class, positive != anchor.
Loss      softmax cross-entropy of A P^T / 0.2 against the diagonal.
Training  Adam 1e-3 (epsilon 1e-7), Glorot uniform weights, zero biases.

Measured is the training loop alone, batch preparation included; images are read before it starts.
Batch preparation is kept off the critical path as far as plain PyTorch goes: pixels are normalised once, beforehand,
and anchors and positives go through the network as one batch of 20.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

CLASSES = 10
RECORD_BYTES = 1 + 3 * 32 * 32
TEMPERATURE = 0.2


def read_cifar10(files):
    """Images as float [N, 3, 32, 32] in [0, 1] and labels as int64 [N], from files of the binary CIFAR-10 layout."""
    records = np.concatenate([np.fromfile(file, dtype=np.uint8).reshape(-1, RECORD_BYTES) for file in files])
    images = torch.from_numpy(records[:, 1:]).reshape(-1, 3, 32, 32).float().div_(255)
    return images, torch.from_numpy(records[:, 0].astype(np.int64))


class Embedding(nn.Module):
    """Images [N, 3, 32, 32] to unit vectors [N, 8]."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, 3, stride=2),
            nn.ReLU(inplace=True),
            nn.Conv2d(32, 64, 3, stride=2),
            nn.ReLU(inplace=True),
            nn.Conv2d(64, 128, 3, stride=2),
            nn.ReLU(inplace=True),
        )
        self.head = nn.Linear(128, 8)
        for parameter in self.parameters():
            if parameter.ndim > 1:
                nn.init.xavier_uniform_(parameter)
            else:
                nn.init.zeros_(parameter)

    def forward(self, images):
        return F.normalize(self.head(self.features(images).mean((2, 3))))


class AnchorPositivePairs:
    """Draws batches of image indices [2 * CLASSES]: the anchors of classes 0..9, then their positives."""

    def __init__(self, labels, seed):
        self.members = [np.flatnonzero(labels.numpy() == label) for label in range(CLASSES)]
        self.random = np.random.default_rng(seed)

    def epoch(self, batches):
        """Indices [batches, 2 * CLASSES]."""
        indices = np.empty((batches, 2, CLASSES), dtype=np.int64)
        for label, members in enumerate(self.members):
            anchor = self.random.integers(len(members), size=batches)
            # A step of 1..n-1 around the circle never ends on the anchor and reaches every other member equally often.
            positive = (anchor + self.random.integers(1, len(members), size=batches)) % len(members)
            indices[:, 0, label] = members[anchor]
            indices[:, 1, label] = members[positive]
        return torch.from_numpy(indices.reshape(batches, 2 * CLASSES))


def train(model, images, labels, epochs, batches, seed):
    """Returns the mean loss of each epoch and the wall seconds of the loop."""
    pairs = AnchorPositivePairs(labels, seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    diagonal = torch.arange(CLASSES)
    losses = []
    start = time.perf_counter()
    for _ in range(epochs):
        total = 0.0
        for indices in pairs.epoch(batches):
            anchors, positives = model(images[indices]).split(CLASSES)
            loss = F.cross_entropy(anchors @ positives.T / TEMPERATURE, diagonal)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            total += loss.item()
        losses.append(total / batches)
    return losses, time.perf_counter() - start


@torch.inference_mode()
def evaluate(model, images, labels, block=500):
    """Leave-one-out precision@1 and R-precision (R = other images of the query's class) over all images."""
    embeddings = torch.cat([model(part) for part in images.split(1000)])
    others = torch.bincount(labels, minlength=CLASSES) - 1
    at_1 = at_r = 0.0
    for start in range(0, len(images), block):
        scores = embeddings[start : start + block] @ embeddings.T
        queries = torch.arange(len(scores))
        scores[queries, start + queries] = -2.0  # below every cosine: the query itself never ranks
        neighbours = scores.topk(int(others.max()), dim=1).indices
        same = labels[neighbours] == labels[start : start + block, None]
        r = others[labels[start : start + block]]
        at_1 += same[:, 0].sum().item()
        at_r += (same.float().cumsum(1)[queries, r - 1] / r).sum().item()
    return at_1 / len(images), at_r / len(images)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="directory of the CIFAR-10 binary files")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batches", type=int, default=1000, help="batches per epoch")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="one JSON document instead of text")
    parser.add_argument("--no-eval", action="store_true", help="leave out the metrics: timing only")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    nested = options.data / "cifar-10-batches-bin"
    folder = nested if nested.is_dir() else options.data
    images, labels = read_cifar10([folder / f"data_batch_{i}.bin" for i in range(1, 6)])

    model = Embedding()
    losses, seconds = train(model, images, labels, options.epochs, options.batches, options.seed)
    result = {
        "seconds": seconds,
        "imagesPerSecond": options.epochs * options.batches * 2 * CLASSES / seconds,
        "losses": losses,
        "torch": torch.__version__,
        "threads": options.threads,
    }
    if not options.no_eval:
        at_1, at_r = evaluate(model, *read_cifar10([folder / "test_batch.bin"]))
        result |= {"precisionAt1": at_1, "rPrecision": at_r}

    if options.json:
        print(json.dumps(result))
        return
    for epoch, loss in enumerate(losses, 1):
        print(f"epoch {epoch:2d}  loss {loss:.4f}")
    print(f"training loop {seconds:.2f} s, {result['imagesPerSecond']:.0f} images/s, {options.threads} threads")
    if not options.no_eval:
        print(f"precision@1 {at_1:.4f}  R-precision {at_r:.4f}")


if __name__ == "__main__":
    main()
