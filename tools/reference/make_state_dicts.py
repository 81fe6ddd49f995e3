"""Writes test/fixtures/weights/: small files that torch.save wrote, and what foreign encoders must compute.

    /usr/bin/python3 -B tools/reference/make_state_dicts.py

`tensors.json` lists the tensors of every .pth beside it. `imported-*.json` hold an encoder's four heads for a
generated image, computed in float64; its parameters are generated from their names in the foreign scheme by
`deterministic.uniform` and `generated` below, so that the fixture holds none. The modules are laid out as
torchvision's and timm's, so the names come from the modules' structure and from no list.
"""

import collections
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

import deterministic

FIXTURES = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "weights"
HEIGHT, WIDTH = 72, 104
MEAN, DEVIATION = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
V2_STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


# --- modules ----------------------------------------------------------------------------------


class Conv(nn.Conv2d):
    """Convolution without bias; `end` puts a stride's padding after, `border` pads with another value than 0."""

    end, border = False, None

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__(inputs, outputs, kernel, stride, groups=groups, bias=False)

    def forward(self, x):
        kernel, stride = self.kernel_size[0], self.stride[0]
        padding = (kernel // 2,) * 4
        if self.end and stride == 2 and kernel > 1:
            rows, columns = ((-(-n // 2) - 1) * 2 + kernel - n for n in x.shape[2:])
            padding = (0, columns, 0, rows)
        if self.border is None:
            x = F.pad(x, padding)
        else:
            x = F.pad(x - self.border, padding) + self.border
        return F.conv2d(x, self.weight, self.bias, stride, 0, 1, self.groups)


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = Conv(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = Conv(outputs, outputs, 3), nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(Conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    """torchvision's resnet18."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = Conv(3, 64, 7, 2), nn.BatchNorm2d(64)
        inputs = 64
        for stage, outputs in enumerate((64, 128, 256, 512), start=1):
            blocks = [BasicBlock(inputs, outputs, 1 if stage == 1 else 2), BasicBlock(outputs, outputs, 1)]
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
            inputs = outputs

    def heads(self, x):
        x, heads = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1), []
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
            heads.append(x)
        return heads

    def stem(self):
        return self.conv1


def conv_bn_relu6(inputs, outputs, kernel, stride=1, groups=1):
    return nn.Sequential(Conv(inputs, outputs, kernel, stride, groups), nn.BatchNorm2d(outputs), nn.ReLU6())


class InvertedResidual(nn.Module):
    """torchvision's."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        wide = inputs * expansion
        expand = [] if expansion == 1 else [conv_bn_relu6(inputs, wide, 1)]
        self.conv = nn.Sequential(*expand, conv_bn_relu6(wide, wide, 3, stride, wide), Conv(wide, outputs, 1),
                                  nn.BatchNorm2d(outputs))
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.conv(x) if self.residual else self.conv(x)


class MobileNetV2(nn.Module):
    """torchvision's mobilenet_v2 without its last convolution."""

    def __init__(self):
        super().__init__()
        features, self.ends, inputs = [conv_bn_relu6(3, 32, 3, 2)], [], 32
        for expansion, outputs, repeats, stride in V2_STAGES:
            for block in range(repeats):
                features.append(InvertedResidual(inputs, outputs, stride if block == 0 else 1, expansion))
                inputs = outputs
            self.ends.append(len(features) - 1)
        self.features = nn.Sequential(*features)

    def heads(self, x):
        ends = []
        for i, module in enumerate(self.features):
            x = module(x)
            if i in self.ends:
                ends.append(x)
        return [ends[i] for i in (1, 2, 4, 6)]

    def stem(self):
        return self.features[0][0]


class DepthwiseSeparable(nn.Module):
    """timm's DepthwiseSeparableConv without a skip."""

    def __init__(self, inputs, outputs, stride, activation):
        super().__init__()
        self.conv_dw, self.bn1 = Conv(inputs, inputs, 3, stride, inputs), nn.BatchNorm2d(inputs)
        self.conv_pw, self.bn2 = Conv(inputs, outputs, 1), nn.BatchNorm2d(outputs)
        self.activation = activation

    def forward(self, x):
        x = self.bn2(self.conv_pw(F.relu6(self.bn1(self.conv_dw(x)))))
        return F.relu6(x) if self.activation else x


class TimmInvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        wide = inputs * expansion
        self.conv_pw, self.bn1 = Conv(inputs, wide, 1), nn.BatchNorm2d(wide)
        self.conv_dw, self.bn2 = Conv(wide, wide, 3, stride, wide), nn.BatchNorm2d(wide)
        self.conv_pwl, self.bn3 = Conv(wide, outputs, 1), nn.BatchNorm2d(outputs)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        y = F.relu6(self.bn2(self.conv_dw(F.relu6(self.bn1(self.conv_pw(x))))))
        y = self.bn3(self.conv_pwl(y))
        return x + y if self.residual else y


class Timm(nn.Module):
    """timm's mobilenetv1_100 or mobilenetv2_100 without head."""

    def __init__(self, version):
        super().__init__()
        self.conv_stem, self.bn1 = Conv(3, 32, 3, 2), nn.BatchNorm2d(32)
        v1_stages = [(64, 1, 1), (128, 2, 2), (256, 2, 2), (512, 6, 2), (1024, 2, 2)]
        stages = [(0, c, n, s) for c, n, s in v1_stages] if version == 1 else V2_STAGES
        blocks, inputs = [], 32
        for expansion, outputs, repeats, first in stages:
            stage = []
            for block in range(repeats):
                stride = first if block == 0 else 1
                stage.append(DepthwiseSeparable(inputs, outputs, stride, version == 1) if expansion < 2
                             else TimmInvertedResidual(inputs, outputs, stride, expansion))
                inputs = outputs
            blocks.append(nn.Sequential(*stage))
        self.blocks = nn.Sequential(*blocks)
        self.tapped = (1, 2, 3, 4) if version == 1 else (1, 2, 4, 6)

    def heads(self, x):
        x, ends = F.relu6(self.bn1(self.conv_stem(x))), []
        for block in self.blocks:
            x = block(x)
            ends.append(x)
        return [ends[i] for i in self.tapped]

    def stem(self):
        return self.conv_stem


class ConvLayer(nn.Module):
    """mit-han-lab/efficientvit's."""

    def __init__(self, inputs, outputs, kernel=1, stride=1, groups=1, act=True, norm=True, bias=False):
        super().__init__()
        self.conv = Conv(inputs, outputs, kernel, stride, groups)
        if bias:
            self.conv.bias = nn.Parameter(torch.zeros(outputs))
        self.norm = nn.BatchNorm2d(outputs) if norm else nn.Identity()
        self.act = nn.Hardswish() if act else nn.Identity()

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))


class DSConv(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.depth_conv = ConvLayer(inputs, inputs, 3, groups=inputs)
        self.point_conv = ConvLayer(inputs, outputs, act=False)

    def forward(self, x):
        return self.point_conv(self.depth_conv(x))


class MBConv(nn.Module):
    def __init__(self, inputs, outputs, stride=1, biased=False):
        super().__init__()
        wide, how = 4 * inputs, {"norm": not biased, "bias": biased}
        self.inverted_conv = ConvLayer(inputs, wide, **how)
        self.depth_conv = ConvLayer(wide, wide, 3, stride, wide, **how)
        self.point_conv = ConvLayer(wide, outputs, act=False)

    def forward(self, x):
        return self.point_conv(self.depth_conv(self.inverted_conv(x)))


class LiteMLA(nn.Module):
    def __init__(self, channels):
        super().__init__()
        total = 3 * channels
        self.qkv = ConvLayer(channels, total, act=False, norm=False)
        self.aggreg = nn.ModuleList([nn.Sequential(Conv(total, total, 5, groups=total),
                                                   Conv(total, total, 1, groups=total // 16))])
        self.proj = ConvLayer(2 * channels, channels, act=False)

    def forward(self, x):
        near = self.qkv(x)
        n, _, rows, columns = x.shape
        joined = torch.cat([near, self.aggreg[0](near)], 1).reshape(n, -1, 48, rows * columns)
        q, k, v = F.relu(joined[:, :, :16]), F.relu(joined[:, :, 16:32]), F.pad(joined[:, :, 32:], (0, 0, 0, 1), value=1)
        out = (v @ k.transpose(2, 3)) @ q
        return self.proj((out[:, :, :-1] / (out[:, :, -1:] + 1e-15)).reshape(n, -1, rows, columns))


class Residual(nn.Module):
    def __init__(self, main):
        super().__init__()
        self.main = main

    def forward(self, x):
        return x + self.main(x)


class Plain(Residual):
    def forward(self, x):
        return self.main(x)


class EfficientViTBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.context_module = Residual(LiteMLA(channels))
        self.local_module = Residual(MBConv(channels, channels, biased=True))

    def forward(self, x):
        return self.local_module(self.context_module(x))


class OpSequential(nn.Module):
    def __init__(self, *parts):
        super().__init__()
        self.op_list = nn.ModuleList(parts)

    def forward(self, x):
        for part in self.op_list:
            x = part(x)
        return x


class EfficientViTBackbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.input_stem = OpSequential(ConvLayer(3, 8, 3, 2), Residual(DSConv(8, 8)))
        stages, inputs = [], 8
        for s, outputs in enumerate((16, 32, 64, 128)):
            first = Plain(MBConv(inputs, outputs, 2, biased=s >= 2))
            rest = ([Residual(MBConv(outputs, outputs))] if s < 2
                    else [EfficientViTBlock(outputs), EfficientViTBlock(outputs)])
            stages.append(OpSequential(first, *rest))
            inputs = outputs
        self.stages = nn.ModuleList(stages)


class EfficientViT(nn.Module):
    """mit-han-lab's efficientvit_b0 without head."""

    def __init__(self):
        super().__init__()
        self.backbone = EfficientViTBackbone()

    def heads(self, x):
        x, heads = self.backbone.input_stem(x), []
        for stage in self.backbone.stages:
            x = stage(x)
            heads.append(x)
        return heads

    def stem(self):
        return self.backbone.input_stem.op_list[0].conv


# --- names ------------------------------------------------------------------------------------


def torch_names(module, _):
    """[(name, tensor, stored shape)] of a state dict."""
    return [(name, tensor, None) for name, tensor in module.state_dict().items() if tensor.dim() > 0]


def keras_scopes(version):
    """Scope of each convolution and of its batch norm, in the order of the modules."""
    if version == 1:
        yield "conv1", "conv1_bn"
        for i in range(1, 14):
            for kind in ("dw", "pw"):
                yield f"conv_{kind}_{i}", f"conv_{kind}_{i}_bn"
        return
    yield "Conv1", "bn_Conv1"
    for i in range(17):
        for part in ("expand", "depthwise", "project") if i else ("depthwise", "project"):
            scope = f"block_{i}_{part}" if i else f"expanded_conv_{part}"
            yield scope, scope + "_BN"


def keras_names(module, version):
    """[(name, tensor, TensorFlow's axes as indices of OIHW)]."""
    kinds = {kind: [m for m in module.modules() if isinstance(m, kind)] for kind in (nn.Conv2d, nn.BatchNorm2d)}
    rows = []
    for (scope, norm), conv, bn in zip(keras_scopes(version), kinds[nn.Conv2d], kinds[nn.BatchNorm2d]):
        if conv.groups > 1:
            rows.append((scope + "/depthwise_kernel", conv.weight, (2, 3, 0, 1)))
        else:
            rows.append((scope + "/kernel", conv.weight, (2, 3, 1, 0)))
        rows += [(norm + "/gamma", bn.weight, None), (norm + "/beta", bn.bias, None),
                 (norm + "/moving_mean", bn.running_mean, None), (norm + "/moving_variance", bn.running_var, None)]
    return rows


def generated(name, tensor, axes):
    """float32 values of a tensor in the file's layout: what it is for shows in its name and rank."""
    shape = tuple(tensor.shape[a] for a in axes) if axes else tuple(tensor.shape)
    u = deterministic.uniform(name, shape)
    last = name.replace("/", ".").rsplit(".", 1)[1]
    if len(shape) > 1:
        u = (u - 0.5) * np.sqrt(12) * np.sqrt(2 / (tensor.numel() / tensor.shape[0]))
    elif last in ("running_var", "moving_variance"):
        u = 0.5 + u
    elif last in ("weight", "gamma"):
        u = 0.75 + 0.5 * u
    else:
        u = (u - 0.5) * 0.2
    return u.astype(np.float32)


# --- fixtures ---------------------------------------------------------------------------------


def number(value):
    return float(f"{float(value):.10g}")


def imported(fixture, backbone, module, names, version, epsilon, pixels):
    rows = names(module, version)
    for name, tensor, axes in rows:
        values = torch.from_numpy(generated(name, tensor, axes))
        if axes:
            values = values.permute(*(axes.index(i) for i in range(4)))
        tensor.data.copy_(values)
    module.double().eval()
    to_input = {"imagenet": lambda x: (x / 255 - MEAN.reshape(1, 3, 1, 1)) / DEVIATION.reshape(1, 3, 1, 1),
                "symmetric": lambda x: x / 127.5 - 1}[pixels]
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.eps = epsilon
        if isinstance(part, Conv):
            part.end = backbone.startswith("mobilenet")
    if backbone != "efficientvit-b0":
        # The imported network pads with its own mid-grey, the pixel 128.
        module.stem().border = torch.from_numpy(to_input(np.full((1, 3, 1, 1), 128.0)))
    image = deterministic.model_input("input.image", (1, 3, HEIGHT, WIDTH)).astype(np.float64)
    with torch.no_grad():
        heads = module.heads(torch.from_numpy(to_input(image)))
    outputs = {}
    for name, head in zip(("head1", "head2", "head3", "deepest"), heads):
        flat = head.reshape(-1).numpy()
        where = sorted({int(u * flat.size) for u in deterministic.uniform("sample." + name, (60,))})
        outputs[name] = {"shape": list(head.shape), "maxAbs": number(np.abs(flat).max()),
                         "samples": [[i, number(flat[i])] for i in where]}
    content = {"backbone": backbone, "pixels": pixels, "layout": "tfjs" if names is keras_names else "torch",
               "image": [HEIGHT, WIDTH],
               "tensors": [[name, list(generated(name, t, axes).shape), int(t.numel() / t.shape[0])]
                           for name, t, axes in rows],
               "outputs": outputs}
    (FIXTURES / f"imported-{fixture}.json").write_text(json.dumps(content) + "\n")


def state_dict():
    """One tensor of every kind that a state dict may hold."""
    base = torch.arange(24.0) / 4 - 1
    tensors = collections.OrderedDict()
    tensors["plain"] = base.reshape(2, 3, 4).clone()
    tensors["channels.last"] = base.reshape(1, 2, 3, 4).to(memory_format=torch.channels_last)
    tensors["transposed"] = base[:6].reshape(2, 3).t()
    tensors["view"] = base[5:9]
    tensors["shared"] = base[8:20:2]
    tensors["half"] = torch.tensor([1.5, -0.0999755859375, 65504.0]).half()
    tensors["bfloat"] = torch.tensor([1.5, -3.140625]).bfloat16()
    tensors["double"] = torch.tensor([[0.1, -1e10]], dtype=torch.float64)
    tensors["bn.num_batches_tracked"] = torch.tensor(12345)
    tensors["bytes"] = torch.tensor([0, 255], dtype=torch.uint8)
    tensors["flags"] = torch.tensor([True, False])
    tensors["none"] = torch.zeros(0, 3)
    tensors["ünïcode"] = torch.tensor([1.0])
    tensors._metadata = collections.OrderedDict([("", {"version": 1})])
    return tensors


def main():
    FIXTURES.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    tensors = state_dict()
    wrapped = {"epoch": 3, "best": 71.25, "lr": [0.1, 0.01], "optimizer": {"state": {}, "param_groups": []},
               "state_dict": collections.OrderedDict(("module." + name, t) for name, t in tensors.items())}
    parameter = collections.OrderedDict(weight=nn.Parameter(torch.tensor([1.0, 2.0])))
    # expand: a shape far beyond what is stored, which a state dict never needs
    expanded = collections.OrderedDict(weight=torch.zeros(1).expand(1000, 1000, 1000))
    for legacy in (False, True):
        suffix = "legacy" if legacy else "zip"
        for name, value in (("plain", tensors), ("wrapped", wrapped), ("parameter", parameter),
                            ("expanded", expanded)):
            torch.save(value, FIXTURES / f"{name}-{suffix}.pth", _use_new_zipfile_serialization=not legacy)
    # Not in the older format, which keeps PyTorch's own source code with a model.
    torch.save(nn.Linear(2, 2), FIXTURES / "whole-model-zip.pth")
    listed = [{"name": name, "dtype": str(t.dtype).split(".")[1], "shape": list(t.shape),
               "values": t.double().reshape(-1).tolist()} for name, t in tensors.items()]
    (FIXTURES / "tensors.json").write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n")

    imported("torchvision-resnet18", "resnet-18", ResNet18(), torch_names, None, 1e-5, "imagenet")
    imported("torchvision-mobilenet-v2", "mobilenet-v2", MobileNetV2(), torch_names, None, 1e-5, "imagenet")
    imported("timm-mobilenetv2-100", "mobilenet-v2", Timm(2), torch_names, None, 1e-5, "imagenet")
    imported("timm-mobilenetv1-100", "mobilenet-v1", Timm(1), torch_names, None, 1e-5, "symmetric")
    imported("keras-mobilenet", "mobilenet-v1", Timm(1), keras_names, 1, 1e-3, "symmetric")
    imported("authors-efficientvit-b0", "efficientvit-b0", EfficientViT(), torch_names, None, 1e-5, "imagenet")
    imported("keras-mobilenet-v2", "mobilenet-v2", MobileNetV2(), keras_names, 2, 1e-3, "symmetric")


if __name__ == "__main__":
    main()
