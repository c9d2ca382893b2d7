"""Muon in PyTorch (Jordan et al. 2024), as airbench has it: convolution kernels of norm sqrt(out), orthogonal updates."""

import torch


def orthogonalized(matrix, iterations):
    """Pulls the singular values of [rows, columns] towards 1 by a quintic Newton-Schulz iteration."""
    a, b, c = 3.4445, -4.775, 2.0315
    x = matrix / (matrix.norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    if tall:
        x = x.T
    for _ in range(iterations):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    def __init__(self, kernels, lr, momentum, iterations):
        super().__init__(kernels, {"lr": lr, "momentum": momentum, "iterations": iterations})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for kernel in group["params"]:
                state = self.state[kernel]
                if not state:
                    state["velocity"] = torch.zeros_like(kernel)
                velocity = state["velocity"].mul_(group["momentum"]).add_(kernel.grad)
                direction = kernel.grad.add(velocity, alpha=group["momentum"])
                update = orthogonalized(direction.flatten(1), group["iterations"])
                kernel.mul_(len(kernel) ** 0.5 / (kernel.norm() + 1e-7))
                kernel.add_(update.view_as(kernel), alpha=-group["lr"])
