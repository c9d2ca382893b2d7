"""The networks of imagekin's recipes in PyTorch, by the names and options that a recipe describes them with.

Each takes uint8 [N, 3, H, W] and gives unit vectors [N, dimension].
"""

import torch
import torch.nn.functional as F
from torch import nn


class Seed(nn.Module):
    """The network of the Keras example: three strided convolutions, the mean over the map, a linear layer."""

    def __init__(self, dimension, **_):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, 3, stride=2),
            nn.ReLU(inplace=True),
            nn.Conv2d(32, 64, 3, stride=2),
            nn.ReLU(inplace=True),
            nn.Conv2d(64, 128, 3, stride=2),
            nn.ReLU(inplace=True),
        )
        self.head = nn.Linear(128, dimension)
        for parameter in self.parameters():
            if parameter.ndim > 1:
                nn.init.xavier_uniform_(parameter)
            else:
                nn.init.zeros_(parameter)

    def forward(self, images):
        x = images.float().div_(255)
        return F.normalize(self.head(self.features(x).mean((2, 3))))


def scaled(images):
    """Values of [0, 255] to [-2, 2)."""
    return images.float().mul_(1 / 64).sub_(2)


def block(channels, width):
    return nn.Sequential(
        nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)
    )


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.inner = nn.Sequential(block(width, width), block(width, width))

    def forward(self, x):
        return x + self.inner(x)


class Resnet9(nn.Module):
    """ResNet-9 of the DAWNBench CIFAR-10 entries (Page 2018)."""

    def __init__(self, dimension, width, **_):
        super().__init__()
        self.features = nn.Sequential(
            block(3, width),
            block(width, 2 * width),
            nn.MaxPool2d(2),
            Residual(2 * width),
            block(2 * width, 4 * width),
            nn.MaxPool2d(2),
            block(4 * width, 8 * width),
            nn.MaxPool2d(2),
            Residual(8 * width),
        )
        self.head = nn.Linear(8 * width, dimension)

    def forward(self, images):
        return F.normalize(self.head(self.features(scaled(images)).amax((2, 3))))


class PooledBlocks(nn.Module):
    """Whitening of 2x2 patches, blocks of 3x3 convolutions of which the first is pooled (after Jordan's airbench)."""

    activations = {"relu": lambda: nn.ReLU(inplace=True), "gelu": nn.GELU, "silu": lambda: nn.SiLU(inplace=True)}
    pools = {"average": nn.AvgPool2d, "max": nn.MaxPool2d}

    def __init__(self, dimension, widths, depth, pool, activation, **_):
        super().__init__()
        activation = self.activations[activation]
        self.whitening = nn.Conv2d(3, 24, 2, bias=False)
        self.whitening.weight.requires_grad = False
        layers = [activation()]
        channels = 24
        for width in widths:
            for i in range(depth):
                layers.append(nn.Conv2d(channels, width, 3, padding=1, bias=False))
                if i == 0:
                    layers.append(self.pools[pool](2))
                layers += [nn.BatchNorm2d(width, momentum=0.4), activation()]
                channels = width
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(channels, dimension, bias=False)

    @torch.no_grad()
    def fit(self, images):
        """Sets the whitening to the principal components of the patches of uint8 [N, 3, H, W], and their negatives."""
        patches = F.unfold(scaled(images), 2).transpose(0, 1).flatten(1)
        variances, components = torch.linalg.eigh(patches @ patches.T / patches.shape[1])
        kernels = (components / (variances + 5e-4).sqrt()).T.reshape(12, 3, 2, 2)
        self.whitening.weight.copy_(torch.cat([kernels, -kernels]))

    def forward(self, images):
        x = self.features(self.whitening(scaled(images)))
        return F.normalize(self.head(x.amax((2, 3))))


networks = {"seed": Seed, "resnet9": Resnet9, "pooled-blocks": PooledBlocks}
