"""Writes test/fixtures/golden-*.json: what the networks and training steps must compute.

    /usr/bin/python3 -B tools/reference/make_golden.py [part of a case's name]

Values are true values: the same float32 parameters and inputs, computed in float64. Each case is
also run in float32, and how far that strays is recorded as `float32Error`, a hint at tolerances.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

import deterministic
import twnet_reference as net

FIXTURES = Path(__file__).resolve().parents[2] / "test" / "fixtures"
BATCH = 2
OUTPUT_SAMPLES, GRADIENT_SAMPLES, STATISTIC_SAMPLES = 200, 5, 3
# A sampled gradient is at least this part of the tensor's largest, so that its sign is certain.
GRADIENT_FLOOR = 0.02
# Gradients that vanish in exact arithmetic (a constant shift ahead of a training-mode batch norm).
ZERO_GRADIENT = 1e-12


def number(value):
    """Ten significant digits are far more than float32 and keep the files small."""
    return float(f"{float(value):.10g}")


def indices(name, count, wanted):
    """Up to `wanted` distinct element indices, spread over the tensor by the same hash."""
    drawn = (deterministic.uniform("sample." + name, (4 * wanted,)) * count).astype(int).tolist()
    return sorted(dict.fromkeys(drawn[:wanted] if count > wanted else range(count)))


def pairs(flat, where):
    return [[int(i), number(flat[i])] for i in where]


def summary(name, tensor, in_float32):
    """Sampled elements and sums of a tensor, with the largest error of a float32 run."""
    flat = tensor.detach().double().reshape(-1).numpy()
    error = np.abs(in_float32.detach().double().reshape(-1).numpy() - flat).max()
    return {"shape": list(tensor.shape), "sum": number(flat.sum()), "sumOfSquares": number((flat**2).sum()),
            "maxAbs": number(np.abs(flat).max()), "float32Error": float(f"{error:.2g}"),
            "samples": pairs(flat, indices(name, flat.size, OUTPUT_SAMPLES))}


class Case:
    """A network, its inputs and its parameters; `run` computes with either precision."""

    def __init__(self, network, backbone, height, width, layer=None, batch=BATCH):
        self.network, self.backbone, self.layer = network, backbone, layer
        self.batch, self.height, self.width = batch, height, width
        shapes = {"input.image": (batch, 3, height, width), "input.labels": (batch, height, width)}
        if network == "key":
            self.shapes = net.key_shapes(backbone)
        elif network == "segmenter":
            self.shapes = net.evit_shapes()
        else:
            channels, stride = net.CONTEXT[layer]
            rows, columns = -(-height // stride), -(-width // stride)
            shapes["input.warped"] = (batch, channels, rows, columns)
            if layer < 3:
                shapes["input.residual"] = (batch, 3, rows, columns)
                shapes["input.target"] = (batch, channels, rows, columns)
            self.shapes = net.nonkey_shapes(backbone, layer)
        self.inputs = {name: deterministic.model_input(name, shape) for name, shape in shapes.items()}

    def parameters(self, dtype):
        p = {}
        for name, shape in self.shapes.items():
            p[name] = torch.from_numpy(deterministic.parameter(name, shape)).to(dtype)
            p[name].requires_grad_(not net.is_statistic(name))
        return p

    def forward(self, p, training):
        dtype = next(iter(p.values())).dtype
        x = {name: torch.from_numpy(value).to(dtype) for name, value in self.inputs.items()}
        if self.network == "key":
            return net.key_forward(x["input.image"], p, self.backbone, training)
        if self.network == "segmenter":
            return net.evit_forward(x["input.image"], p, training)
        return net.nonkey_forward(x["input.image"], x["input.warped"], x.get("input.residual"), p,
                                  self.backbone, self.layer, training)

    def loss(self, out):
        labels = torch.from_numpy(self.inputs["input.labels"]).long()
        if self.network != "nonkey":
            return net.classification_loss(out["scores"], labels)
        return net.step2_loss(out, labels, torch.from_numpy(self.inputs["input.target"]).to(out["feature"].dtype))

    def header(self, inputs):
        check = {name: pairs(deterministic.parameter(name, shape).reshape(-1), (0, int(np.prod(shape)) - 1))
                 for name, shape in self.shapes.items()}
        network = {"kind": self.network, "backbone": self.backbone, "classes": net.CLASSES}
        if self.layer:
            network["layer"] = self.layer
        return {
            "format": "twnet-golden-1",
            "about": "Reference values in float64 of float32 parameters and inputs that are generated "
                     "from their names (tools/reference/README.md). `samples` are [flat index, value].",
            "network": network,
            "inputs": {name: {"shape": list(self.inputs[name].shape), "rule": deterministic.INPUT_RULES[name],
                              "sum": number(self.inputs[name].astype(np.float64).sum())} for name in inputs},
            "parameters": {name: {"shape": list(shape), "ends": check[name]}
                           for name, shape in self.shapes.items()},
        }

    def size(self):
        return (self.height, self.width)


def inference(case):
    """Outputs with batch norm frozen to its running statistics."""
    results = {}
    for dtype in (torch.float64, torch.float32):
        with torch.no_grad():
            out = case.forward(case.parameters(dtype), training=False)
            out["fullSizeScores"] = net.full_size(out["scores"], case.size())
        results[dtype] = out
    used = [name for name in case.inputs if name not in ("input.labels", "input.target")]
    return {**case.header(used), "mode": "inference", "batchNorm": "frozen",
            "outputs": {name: summary(name, tensor, results[torch.float32][name])
                        for name, tensor in results[torch.float64].items()}}


def train(case, dtype, rates, training):
    """Two steps on the same batch: the losses, the first's gradients, all tensors after each step."""
    def copy(tensors):
        return {name: t.detach().double().reshape(-1).numpy().copy() for name, t in tensors.items()}

    p = case.parameters(dtype)
    optimizer = net.adam(p, **rates)
    losses, states = [], []
    for step in range(2):
        optimizer.zero_grad(set_to_none=True)
        loss = case.loss(case.forward(p, training))
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = copy({name: t.grad for name, t in p.items() if t.requires_grad})
        optimizer.step()
        states.append(copy(p))
    return losses, gradients, states


def gradient_entry(name, gradient, values, gradient32, values32):
    """Norm and sampled elements; the samples keep clear of elements that float32 cannot tell from 0."""
    norm = np.linalg.norm(gradient)
    if norm < ZERO_GRADIENT:
        return {"zeroGradient": True}
    relative = np.abs(gradient32 - gradient) / np.maximum(np.abs(gradient), 1e-300)
    clear = np.flatnonzero((np.abs(gradient) > GRADIENT_FLOOR * np.abs(gradient).max()) & (relative < 0.05))
    where = clear[indices(name, clear.size, GRADIENT_SAMPLES)]
    errors = [np.abs(a[where] - b[where]).max(initial=0) for a, b in zip(values, values32)]
    return {"norm": number(norm),
            "float32Error": float(f"{np.linalg.norm(gradient32 - gradient) / norm:.2g}"),
            "stepFloat32Errors": [float(f"{e:.2g}") for e in errors],
            "samples": [[int(i), number(gradient[i]), *(number(v[i]) for v in values)] for i in where]}


def training_step(case, rates, batch_norm):
    training = batch_norm == "training"
    losses, gradients, states = train(case, torch.float64, rates, training)
    losses32, gradients32, states32 = train(case, torch.float32, rates, training)
    updated, updated32 = states[0], states32[0]
    statistics = {}
    for name in filter(net.is_statistic, case.shapes if training else ()):
        where = indices(name, updated[name].size, STATISTIC_SAMPLES)
        statistics[name] = {"float32Error": float(f"{np.abs(updated32[name] - updated[name]).max():.2g}"),
                            "samples": pairs(updated[name], where)}
    return {**case.header(list(case.inputs)), "mode": "training", "batchNorm": batch_norm,
            "optimizer": {"rule": "Adam, PyTorch's, bias-corrected, from zero state; steps count from 1",
                          "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "learningRate": rates["learning_rate"],
                          "encoderFactor": rates["encoder_factor"], "weightDecay": 1e-7,
                          "weightDecayOn": "names ending in .weight, added to the gradient"},
            "aboutGradients": "of step 1; samples are [flat index, gradient without weight decay, value after step 1, "
                              "value after step 2 on the same batch]; float32Error is the relative L2 error of a "
                              "float32 gradient, stepFloat32Errors the largest absolute errors of the sampled values; "
                              "zeroGradient marks gradients that vanish exactly and compute to rounding noise",
            "aboutStatistics": "running mean and variance after step 1",
            "loss": number(losses[0]), "lossFloat32Error": float(f"{abs(losses32[0] - losses[0]):.2g}"),
            "lossAfterStep": number(losses[1]),
            "lossAfterStepFloat32Error": float(f"{abs(losses32[1] - losses[1]):.2g}"),
            "gradients": {name: gradient_entry(name, gradients[name], [s[name] for s in states], gradients32[name],
                                               [s[name] for s in states32]) for name in gradients},
            "statistics": statistics}


def cases():
    """{file name: how to make its content}."""
    v1, v2, r18, b0 = "mobilenet-v1", "mobilenet-v2", "resnet-18", "efficientvit-b0"
    step1 = {"learning_rate": 1e-2, "encoder_factor": 0.01}
    step2 = {"learning_rate": 1e-3, "encoder_factor": 1.0}
    made = {}
    both = ((64, 96), (70, 101))
    sizes = {v1: ((64, 96), (72, 104)), v2: ((64, 96), (72, 104)), r18: both, b0: both}
    named = (("v1", v1), ("v2", v2), ("r18", r18), ("evit-b0", b0))
    for short, backbone in named:
        for size in sizes[backbone] + (() if sizes[backbone] == both else ((70, 101),)):
            name = f"key-{short}-{size[0]}x{size[1]}"
            made[name] = lambda b=backbone, s=size: inference(Case("key", b, *s))
    # Deepest feature of 9 x 11 cells: pooling grids smaller than it, with windows that overlap.
    made["key-v1-264x328"] = lambda: inference(Case("key", v1, 264, 328, batch=1))
    made["step1-v1-64x96"] = lambda: training_step(Case("key", v1, 64, 96), step1, "training")
    made["step1-r18-64x96"] = lambda: training_step(Case("key", r18, 64, 96), step1, "training")
    # Of four: over the two values that a batch of two leaves pooling to one bin, float32 loses the gradient.
    made["step1-evit-b0-64x96"] = lambda: training_step(Case("key", b0, 64, 96, batch=4), step1, "training")
    for size in ((64, 96), (70, 101)):
        name = f"segmenter-evit-b0-{size[0]}x{size[1]}"
        made[name] = lambda s=size: inference(Case("segmenter", "efficientvit-b0", *s))
    made["step1-segmenter-evit-b0-64x96"] = lambda: training_step(
        Case("segmenter", "efficientvit-b0", 64, 96), step1, "frozen")
    for layer in (1, 2):
        for short, backbone in named:
            for size in sizes[backbone]:
                name = f"nonkey{layer}-{short}-{size[0]}x{size[1]}"
                made[name] = lambda b=backbone, s=size, k=layer: inference(Case("nonkey", b, *s, layer=k))
        for norm in ("training", "frozen"):
            made[f"step2-layer{layer}-v1-{norm}"] = lambda k=layer, n=norm: training_step(
                Case("nonkey", v1, 64, 96, layer=k), step2, n)
    for short, backbone in named[:3]:
        name = f"nonkey3-{short}-72x104"
        made[name] = lambda b=backbone: inference(Case("nonkey", b, 72, 104, layer=3))
    return made


def write(name, content):
    """One line a tensor: small, and a difference is readable."""
    def nested(value, depth):
        if isinstance(value, dict) and depth < 2:
            pad = "  " * (depth + 1)
            body = ",\n".join(f"{pad}{json.dumps(k)}: {nested(v, depth + 1)}" for k, v in value.items())
            return "{\n" + body + "\n" + "  " * depth + "}"
        return json.dumps(value, separators=(",", ":"))

    path = FIXTURES / f"golden-{name}.json"
    path.write_text(nested(content, 0) + "\n")
    print(f"{path.name}: {path.stat().st_size / 1000:.1f} kB", flush=True)


def main(part=""):
    torch.set_num_threads(1)
    FIXTURES.mkdir(parents=True, exist_ok=True)
    for name, make in cases().items():
        if part in name:
            write(name, make())


if __name__ == "__main__":
    main(*sys.argv[1:])
