"""Tensors that any language can make again from a name: parameters and inputs of the golden tests.

Element i of the tensor called N comes from h = crc32(N) + i * 2654435761 (mod 2^32), mixed by a
32-bit finaliser, as u = h / 2^32 in float64. Each kind of tensor then maps u to its own range and
rounds to float32 last.
"""

import math
import zlib

import numpy as np

# Maps from u to an input, by tensor name. Images and labels are integers.
INPUT_RULES = {
    "input.image": "floor(u * 256), uint8 RGB planes",
    "input.labels": "floor(u * 12), 11 becomes 255",
    "input.warped": "u * 2",
    "input.residual": "u * 60",
    "input.target": "u * 2",
}


def uniform(name, shape):
    """float64 array of `shape` with values in [0, 1)."""
    count = int(np.prod(shape))
    mask = np.uint64(0xFFFFFFFF)
    index = np.arange(count, dtype=np.uint64)
    h = (np.uint64(zlib.crc32(name.encode())) + index * np.uint64(2654435761)) & mask
    h ^= h >> np.uint64(16)
    h = (h * np.uint64(0x7FEB352D)) & mask
    h ^= h >> np.uint64(15)
    h = (h * np.uint64(0x846CA68B)) & mask
    h ^= h >> np.uint64(16)
    return (h.astype(np.float64) / 2.0**32).reshape(shape)


def parameter(name, shape):
    """float32 parameter; the last part of its name says its range."""
    u = uniform(name, shape)
    kind = name.rsplit(".", 1)[1]
    if kind == "weight":
        fan_in = int(np.prod(shape[1:]))
        value = (u - 0.5) * math.sqrt(12) * math.sqrt(2 / fan_in)
    elif kind == "bias":
        value = (u - 0.5) * 0.1
    elif kind == "gamma":
        value = 0.75 + 0.5 * u
    elif kind in ("beta", "mean"):
        value = (u - 0.5) * 0.2
    elif kind == "variance":
        value = 0.5 + u
    else:
        raise ValueError(f"no rule for a parameter called {name}")
    return value.astype(np.float32)


def model_input(name, shape):
    """float32 input (integers for images and labels, exactly representable)."""
    u = uniform(name, shape)
    if name == "input.image":
        value = np.floor(u * 256)
    elif name == "input.labels":
        value = np.floor(u * 12)
        value[value == 11] = 255
    elif name in ("input.warped", "input.target"):
        value = u * 2
    elif name == "input.residual":
        value = u * 60
    else:
        raise ValueError(f"no rule for an input called {name}")
    return value.astype(np.float32)
