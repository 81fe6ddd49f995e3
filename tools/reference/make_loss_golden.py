"""Writes test/fixtures/loss-hard-examples.json: cross-entropy over the hardest pixels, by sorting.

    /usr/bin/python3 -B tools/reference/make_loss_golden.py
"""

import json
from pathlib import Path

import numpy as np
import torch

import deterministic

FIXTURE = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "loss-hard-examples.json"
SHAPE = (2, 5, 6, 7)
CASES = [(0.7, 1 / 16), (0.7, 0.9), (0.05, 0.25), (0.3, 1.0), (0.999, 0.01)]


def hard_example_loss(scores, labels, class_weights, threshold, minimum_kept):
    """Weighted mean of the loss over pixels with p <= threshold, or over the `minimum_kept` hardest if more."""
    losses = torch.nn.functional.cross_entropy(scores, labels, ignore_index=255, reduction="none")
    valid = labels != 255
    wanted = int(np.ceil(minimum_kept * labels.numel()))
    order = losses[valid].detach().sort(descending=True).values
    cutoff = min(-np.log(threshold), order[min(wanted, len(order)) - 1].item())
    kept = valid & (losses.detach() >= cutoff)
    weights = class_weights[labels.clamp(max=SHAPE[1] - 1)] * kept
    return (losses * weights).sum() / weights.sum(), int(kept.sum())


def main():
    scores = deterministic.uniform("loss.scores", SHAPE) * 6 - 3
    pixels = (SHAPE[0], *SHAPE[2:])
    labels = np.floor(deterministic.uniform("loss.labels", pixels) * (SHAPE[1] + 1))
    labels[labels == SHAPE[1]] = 255
    scores = scores.astype(np.float32)
    class_weights = torch.tensor([1, 0.5, 2, 3, 0.25], dtype=torch.float64)
    cases = []
    for threshold, minimum_kept in CASES:
        x = torch.tensor(scores, dtype=torch.float64, requires_grad=True)
        loss, kept = hard_example_loss(x, torch.tensor(labels).long(), class_weights, threshold, minimum_kept)
        loss.backward()
        cases.append({"threshold": threshold, "minimumKept": minimum_kept, "kept": kept, "loss": loss.item(),
                      "gradient": [float(f"{g:.7g}") for g in x.grad.reshape(-1).tolist()]})
    FIXTURE.write_text(json.dumps({
        "about": "PyTorch's values of the loss over the hardest pixels (tools/reference/make_loss_golden.py).",
        "shape": SHAPE, "classWeights": class_weights.tolist(), "labels": labels.reshape(-1).astype(int).tolist(),
        "scores": [float(f"{s:.9g}") for s in scores.reshape(-1)], "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
