"""Checks the encoders here against weights with a recorded input and output (safetensors).

    /usr/bin/python3 -B tools/reference/check_encoders.py mobilenet-v1 path/to/mobilenet-v1.safetensors
"""

import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

import twnet_reference as net


def read_safetensors(path):
    """{name: float tensor}; F32 only."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header, tensors = json.loads(data[8 : 8 + length]), {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            raise SystemExit(f"{path}: {name} is {entry['dtype']}, only F32 is read here")
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = np.frombuffer(data[begin:end], dtype="<f4").reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


def main(backbone, path):
    tensors = read_safetensors(path)
    p = {f"encoder.{name}": tensor for name, tensor in tensors.items()}
    with torch.no_grad():
        x = net.encode(tensors["golden.input"], p, backbone)["deepest"]
        if backbone == "mobilenet-v2":  # the recorded output is one ReLU6 convolution further
            x = F.relu6(F.conv2d(x, p["encoder.conv51.weight"], p["encoder.conv51.bias"]))
    golden = tensors["golden.output"]
    print(f"{backbone}: max |difference| {(x - golden).abs().max():.3g}, max |golden| {golden.abs().max():.3g}")


if __name__ == "__main__":
    main(*sys.argv[1:])
