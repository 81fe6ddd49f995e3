"""The Tamed Warping Network in PyTorch: an independent reference for the TypeScript graphs.

Written from the design alone, without a look at src/. Networks are functions over a
flat dictionary of named tensors, so that the names are the whole contract. Tensors are NCHW.
"""

import torch
import torch.nn.functional as F

EPSILON = 1e-5
MOMENTUM = 0.1
IGNORED = 255
CLASSES = 11
CONSISTENCY_WEIGHT = 10.0  # lambda_1 of the paper's step 2

# MobileNetV1: (output channels, stride) of the 13 depthwise-separable pairs.
V1_PAIRS = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1),
            (512, 1), (512, 1), (1024, 2), (1024, 1)]
V1_HEADS = {3: "head1", 5: "head2", 11: "head3", 13: "deepest"}

# MobileNetV2: (expansion, output channels, repeats, stride) of the inverted residual stages.
V2_STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
             (6, 320, 1, 1)]
V2_HEADS = {24: "head1", 32: "head2", 96: "head3", 320: "deepest"}

# ResNet-18: (channels, stride) of the stages conv2_x to conv5_x, two basic blocks each.
R18_STAGES = [(64, 1), (128, 2), (256, 2), (512, 2)]

HEAD_CHANNELS = {
    "mobilenet-v1": {"head1": 128, "head2": 256, "head3": 512, "deepest": 1024},
    "mobilenet-v2": {"head1": 24, "head2": 32, "head3": 96, "deepest": 320},
    "resnet-18": {"head1": 64, "head2": 128, "head3": 256, "deepest": 512},
    "efficientvit-b0": {"head1": 16, "head2": 32, "head3": 64, "deepest": 128},
}
POOL_GRIDS = (1, 2, 4, 8)
# Lateral connection: (input channels, output channels, the head it joins).
LATERALS = {1: (256, 128, "head3"), 2: (128, 64, "head2"), 3: (64, 64, "head1")}
# Context feature of Layer k: (channels, stride in pixels).
CONTEXT = {1: (128, 16), 2: (64, 8), 3: (64, 4)}


# --- descriptions -----------------------------------------------------------------------------


def encoder_convolutions(backbone, until="deepest"):
    """Rows {name, in, out, kernel, stride, depthwise, relu6, save?, add?, tap?} in execution order.

    `save` marks the input of a residual block, `add` its end, `tap` the head that a row's output is.
    """
    rows = []

    def row(cin, cout, kernel, stride=1, depthwise=False, relu6=True):
        rows.append({"name": f"encoder.conv{len(rows):02d}", "in": cin, "out": cout, "kernel": kernel,
                     "stride": stride, "depthwise": depthwise, "relu6": relu6})

    row(3, 32, 3, stride=2)
    channels = 32
    if backbone == "mobilenet-v1":
        for pair, (out, stride) in enumerate(V1_PAIRS, start=1):
            row(channels, channels, 3, stride, depthwise=True)
            row(channels, out, 1)
            channels = out
            rows[-1]["tap"] = V1_HEADS.get(pair)
    elif backbone == "mobilenet-v2":
        for expansion, out, repeats, first_stride in V2_STAGES:
            for block in range(repeats):
                stride = first_stride if block == 0 else 1
                start, wide = len(rows), channels * expansion
                if expansion != 1:
                    row(channels, wide, 1)
                row(wide, wide, 3, stride, depthwise=True)
                row(wide, out, 1, relu6=False)
                if stride == 1 and channels == out:
                    rows[start]["save"] = rows[-1]["add"] = True
                channels = out
            rows[-1]["tap"] = V2_HEADS.get(out)
    else:
        raise ValueError(f"no backbone called {backbone}")
    last = next(i for i, r in enumerate(rows) if r.get("tap") == until)
    return rows[: last + 1]


def resnet18_shapes(until):
    """Shapes of ResNet-18's convolutions, numbered as they run: each block's two, then its shortcut's."""
    shapes = []
    shapes.append((64, 3, 7, 7))
    channels = 64
    for (out, stride), tap in zip(R18_STAGES, ("head1", "head2", "head3", "deepest")):
        for block_stride in (stride, 1):
            shapes += [(out, channels, 3, 3), (out, out, 3, 3)]
            if block_stride == 2 or channels != out:
                shapes.append((out, channels, 1, 1))
            channels = out
        if tap == until:
            return shapes
    raise ValueError(until)


def _encoder_shapes(backbone, until):
    shapes = {}
    if backbone == "efficientvit-b0":
        return shapes_of_layers(evit_encoder_layers(until))
    if backbone == "resnet-18":
        for i, shape in enumerate(resnet18_shapes(until)):
            shapes[f"encoder.conv{i:02d}.weight"] = shape
            shapes[f"encoder.conv{i:02d}.bias"] = shape[:1]
        return shapes
    for r in encoder_convolutions(backbone, until):
        per_group = 1 if r["depthwise"] else r["in"]
        shapes[r["name"] + ".weight"] = (r["out"], per_group, r["kernel"], r["kernel"])
        shapes[r["name"] + ".bias"] = (r["out"],)
    return shapes


def _conv_shapes(name, cin, cout, kernel, norm):
    shapes = {name + ".weight": (cout, cin, kernel, kernel)}
    if norm:
        for part in ("gamma", "beta", "mean", "variance"):
            shapes[f"{name}.norm.{part}"] = (cout,)
    else:
        shapes[name + ".bias"] = (cout,)
    return shapes


def _lateral_shapes(index, backbone):
    cin, cout, head = LATERALS[index]
    return {**_conv_shapes(f"lateral{index}.skip", HEAD_CHANNELS[backbone][head], cin, 1, True),
            **_conv_shapes(f"lateral{index}.fuse", cin, cout, 3, True)}


def key_shapes(backbone, classes=CLASSES):
    """Names and shapes of the key-frame CNN's parameters and running statistics."""
    deepest = HEAD_CHANNELS[backbone]["deepest"]
    shapes = _encoder_shapes(backbone, "deepest")
    shapes.update(_conv_shapes("pyramid.main", deepest, 512, 1, False))
    for grid in POOL_GRIDS:
        shapes.update(_conv_shapes(f"pyramid.pool{grid}", deepest, 128, 1, True))
    shapes.update(_conv_shapes("pyramid.fuse", 1024, 256, 1, True))
    for index in LATERALS:
        shapes.update(_lateral_shapes(index, backbone))
    shapes.update(_conv_shapes("classifier", 64, classes, 3, False))
    return shapes


def nonkey_shapes(backbone, layer, classes=CLASSES):
    """Names and shapes of the non-key-frame CNN's parameters when it warps at Layer `layer`."""
    shapes = {}
    if layer < 3:
        channels = CONTEXT[layer][0]
        shapes.update(_encoder_shapes(backbone, LATERALS[layer + 1][2]))
        shapes.update(_conv_shapes("cfr", 2 * channels, channels, 3, False))
        shapes.update(_conv_shapes("attention", 3, 1, 3, False))
        for index in range(layer + 1, 4):
            shapes.update(_lateral_shapes(index, backbone))
    shapes.update(_conv_shapes("classifier", 64, classes, 3, False))
    return shapes


# EfficientViT-B0: (channels, blocks) of the stages; the last two attend ahead of every block but the first.
EVIT_STAGES = [(16, 2), (32, 2), (64, 3), (128, 3)]
EVIT_QUERIES = 16
IMAGENET_MEAN, IMAGENET_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


EVIT_HEADS = ("head1", "head2", "head3", "deepest")


def evit_block(name, cin, wide, cout, biased):
    return {name + ".expand": (wide, cin, 1, biased, not biased),
            name + ".depth": (wide, 1, 3, biased, not biased),
            name + ".point": (cout, wide, 1, False, True)}


def evit_encoder_layers(until="deepest"):
    """{layer: (out, in a group, kernel, bias?, norm?)} of EfficientViT-B0, in order."""
    layers = {}
    layers["encoder.stem"] = (8, 3, 3, False, True)
    layers["encoder.stem.depth"] = (8, 1, 3, False, True)
    layers["encoder.stem.point"] = (8, 8, 1, False, True)
    channels = 8
    for s, (out, blocks) in enumerate(EVIT_STAGES[: EVIT_HEADS.index(until) + 1]):
        attends = s >= 2
        for b in range(blocks):
            name = f"encoder.stage{s + 1}.block{b}"
            if attends and b > 0:
                layers[name + ".qkv"] = (3 * out, out, 1, False, False)
                layers[name + ".gather"] = (3 * out, 1, 5, False, False)
                layers[name + ".mix"] = (3 * out, EVIT_QUERIES, 1, False, False)
                layers[name + ".project"] = (out, 2 * out, 1, False, True)
            layers.update(evit_block(name, channels, 4 * channels, out, attends))
            channels = out
    return layers


def evit_layers(classes=CLASSES):
    """The same of EfficientViT-Seg-B0."""
    layers = evit_encoder_layers()
    for stage, cin in ((2, 32), (4, 128), (3, 64)):
        layers[f"head.stage{stage}"] = (32, cin, 1, False, True)
    layers.update(evit_block("head", 32, 128, 32, False))
    layers["head.wide"] = (128, 32, 1, False, True)
    layers["classifier"] = (classes, 128, 1, True, False)
    return layers


def evit_shapes(classes=CLASSES):
    return shapes_of_layers(evit_layers(classes))


def shapes_of_layers(layers):
    shapes = {}
    for name, (out, cin, kernel, bias, norm) in layers.items():
        shapes[name + ".weight"] = (out, cin, kernel, kernel)
        if bias:
            shapes[name + ".bias"] = (out,)
        for part in ("gamma", "beta", "mean", "variance") if norm else ():
            shapes[f"{name}.norm.{part}"] = (out,)
    return shapes


def is_statistic(name):
    """Running statistics are state, not parameters: no gradient, no optimiser."""
    return name.endswith((".mean", ".variance"))


# --- layers -----------------------------------------------------------------------------------


def same_conv(x, weight, bias, stride, groups):
    """Convolution whose output is ceil(n / stride): stride 2 pads after, stride 1 on both sides."""
    if weight.shape[-1] == 1:
        return F.conv2d(x, weight, bias, stride, 0, 1, groups)
    if stride == 1:
        return F.conv2d(x, weight, bias, 1, 1, 1, groups)
    after = [(-(-n // 2) - 1) * 2 + 3 - n for n in x.shape[2:]]
    return F.conv2d(F.pad(x, (0, after[1], 0, after[0])), weight, bias, 2, 0, 1, groups)


def batch_norm(x, p, name, training):
    """Batch normalisation; in training the running statistics in `p` are updated in place."""
    gamma, beta = p[name + ".norm.gamma"], p[name + ".norm.beta"]
    mean, variance = p[name + ".norm.mean"], p[name + ".norm.variance"]
    if training and x.numel() == x.shape[1]:
        # One value a channel, which PyTorch refuses: its deviation is 0, so n - 1 is never divided by.
        with torch.no_grad():
            mean.mul_(1 - MOMENTUM).add_(MOMENTUM * x.reshape(-1))
            variance.mul_(1 - MOMENTUM)
        return (x - x) * gamma.view(1, -1, 1, 1) + beta.view(1, -1, 1, 1)
    return F.batch_norm(x, mean, variance, gamma, beta, training, MOMENTUM, EPSILON)


def norm_relu_conv(x, p, name, training):
    """Convolution without bias (kernel 1, or 3 padded by 1), batch norm, ReLU."""
    weight = p[name + ".weight"]
    return F.relu(batch_norm(F.conv2d(x, weight, None, 1, weight.shape[-1] // 2), p, name, training))


def bilinear(x, size):
    return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


def upsample_crop(x, factor, size):
    """Bilinear enlargement by a whole factor, then the top-left `size` of it."""
    return bilinear(x, (x.shape[2] * factor, x.shape[3] * factor))[:, :, : size[0], : size[1]]


# --- networks ---------------------------------------------------------------------------------


def normalise(image, backbone=None):
    """uint8 values (any dtype) to the encoder's range."""
    if backbone != "efficientvit-b0":
        return (image - 128) / 127.5
    mean, deviation = (torch.tensor(t, dtype=image.dtype).view(1, 3, 1, 1) for t in (IMAGENET_MEAN, IMAGENET_DEVIATION))
    return (image / 255 - mean) / deviation


def encode_resnet18(x, p, until):
    """{head1, …, until}: torch's own padding, half the kernel on both sides."""
    number = 0

    def conv(t, stride):
        nonlocal number
        weight, bias = p[f"encoder.conv{number:02d}.weight"], p[f"encoder.conv{number:02d}.bias"]
        number += 1
        return F.conv2d(t, weight, bias, stride, weight.shape[-1] // 2)

    heads = {}
    x = F.max_pool2d(F.relu(conv(x, 2)), 3, 2, 1)
    for (out, stride), tap in zip(R18_STAGES, ("head1", "head2", "head3", "deepest")):
        for block_stride in (stride, 1):
            y = conv(F.relu(conv(x, block_stride)), 1)
            if block_stride == 2 or x.shape[1] != out:
                x = conv(x, block_stride)
            x = F.relu(x + y)
        heads[tap] = x
        if tap == until:
            return heads
    raise ValueError(until)


def encode(x, p, backbone, until="deepest", training=False):
    """Heads of the encoder, {head1, …, until}, from a normalised image."""
    if backbone == "efficientvit-b0":
        return encode_evit(x, p, until, training)
    if backbone == "resnet-18":
        return encode_resnet18(x, p, until)
    heads, saved = {}, None
    for r in encoder_convolutions(backbone, until):
        if r.get("save"):
            saved = x
        x = same_conv(x, p[r["name"] + ".weight"], p[r["name"] + ".bias"], r["stride"],
                      r["in"] if r["depthwise"] else 1)
        if r["relu6"]:
            x = F.relu6(x)
        if r.get("add"):
            x = x + saved
        if r.get("tap"):
            heads[r["tap"]] = x
    return heads


def pyramid(d, p, training):
    """Pyramid pooling over the deepest feature: 256 channels of the same rows and columns."""
    branches = [F.conv2d(d, p["pyramid.main.weight"], p["pyramid.main.bias"])]
    for grid in POOL_GRIDS:
        pooled = norm_relu_conv(F.adaptive_avg_pool2d(d, grid), p, f"pyramid.pool{grid}", training)
        branches.append(bilinear(pooled, d.shape[2:]))
    return norm_relu_conv(torch.cat(branches, 1), p, "pyramid.fuse", training)


def lateral(x, skip, p, index, training):
    """Lateral connection; `skip` is the head already projected by lateral{index}.skip."""
    up = upsample_crop(x, 2, skip.shape[2:])
    return norm_relu_conv(up + skip, p, f"lateral{index}.fuse", training)


def project(heads, p, index, training):
    return norm_relu_conv(heads[LATERALS[index][2]], p, f"lateral{index}.skip", training)


def classify(x, p):
    return F.conv2d(x, p["classifier.weight"], p["classifier.bias"], padding=1)


def key_forward(image, p, backbone, training=False):
    """{layer1, layer2, layer3, scores} of an image of 0…255; scores are at stride 4."""
    heads = encode(normalise(image, backbone), p, backbone, training=training)
    out, x = {}, pyramid(heads["deepest"], p, training)
    for index in LATERALS:
        x = lateral(x, project(heads, p, index, training), p, index, training)
        out[f"layer{index}"] = x
    out["scores"] = classify(x, p)
    return out


def nonkey_forward(image, warped, residual, p, backbone, layer, training=False):
    """{feature, attention, scores}: the warped context feature corrected, and what follows from it."""
    if layer == 3:
        return {"feature": warped, "scores": classify(warped, p)}
    heads = encode(normalise(image, backbone), p, backbone, LATERALS[layer + 1][2], training)
    skip = project(heads, p, layer + 1, training)
    spatial = F.avg_pool2d(skip, 2, 2, ceil_mode=True, count_include_pad=False)
    correction = F.conv2d(torch.cat([warped, spatial], 1), p["cfr.weight"], p["cfr.bias"], padding=1)
    attention = torch.sigmoid(F.conv2d(residual / 16, p["attention.weight"], p["attention.bias"], padding=1))
    feature = warped + attention * correction
    x = lateral(feature, skip, p, layer + 1, training)
    for index in range(layer + 2, 4):
        x = lateral(x, project(heads, p, index, training), p, index, training)
    return {"feature": feature, "attention": attention, "scores": classify(x, p)}


def evit_conv(x, p, name, training, act=True, stride=1):
    """Convolution, the norm or bias that there is, hard swish."""
    weight = p[name + ".weight"]
    groups = x.shape[1] // weight.shape[1]
    x = F.conv2d(x, weight, p.get(name + ".bias"), stride, weight.shape[-1] // 2, 1, groups)
    if name + ".norm.gamma" in p:
        x = batch_norm(x, p, name, training)
    return x * (x + 3).clamp(0, 6) / 6 if act else x


def encode_evit(x, p, until="deepest", training=False):
    """EfficientViT-B0's stages, {head1, …, until}."""
    def conv(x, name, act=True, stride=1):
        return evit_conv(x, p, name, training, act, stride)

    def attention(x, name):
        near = conv(x, name + ".qkv", False)
        far = conv(conv(near, name + ".gather", False), name + ".mix", False)
        n, _, rows, columns = x.shape
        parts = torch.cat([near, far], 1).reshape(n, -1, 3, EVIT_QUERIES, rows * columns)
        q, k, v = F.relu(parts[:, :, 0]), F.relu(parts[:, :, 1]), parts[:, :, 2]
        # Cells by cells, as attention is defined: row i of the matrix says what cell i takes of each other one.
        similar = torch.einsum("ngci,ngcj->ngij", q, k)
        taken = torch.einsum("ngij,ngcj->ngci", similar, v) / (similar.sum(-1).unsqueeze(2) + 1e-15)
        return conv(taken.reshape(n, -1, rows, columns), name + ".project", False)

    x = conv(x, "encoder.stem", stride=2)
    x = x + conv(conv(x, "encoder.stem.depth"), "encoder.stem.point", False)
    heads = {}
    for s, (_, blocks) in enumerate(EVIT_STAGES[: EVIT_HEADS.index(until) + 1]):
        for b in range(blocks):
            name = f"encoder.stage{s + 1}.block{b}"
            if b == 0:
                x = evit_mb(x, p, name, training, 2)
                continue
            if s >= 2:
                x = x + attention(x, name)
            x = x + evit_mb(x, p, name, training)
        heads[EVIT_HEADS[s]] = x
    return heads


def evit_mb(x, p, name, training, stride=1):
    x = evit_conv(evit_conv(x, p, name + ".expand", training), p, name + ".depth", training, stride=stride)
    return evit_conv(x, p, name + ".point", training, False)


def evit_forward(image, p, training=False):
    """{context, scores} of an image of 0…255, both at stride 8."""
    heads = encode_evit(normalise(image, "efficientvit-b0"), p, training=training)
    projected = {i: evit_conv(heads[name], p, f"head.stage{i}", training, False)
                 for i, name in ((2, "head2"), (3, "head3"), (4, "deepest"))}
    size = projected[2].shape[2:]
    context = upsample_crop(projected[4], 4, size) + upsample_crop(projected[3], 2, size) + projected[2]
    wide = evit_conv(context + evit_mb(context, p, "head", training), p, "head.wide", training)
    return {"context": context, "scores": evit_conv(wide, p, "classifier", training, False)}


def full_size(scores, size):
    """Scores at stride 4 or 8, enlarged to the image's size."""
    return upsample_crop(scores, next(f for f in (4, 8) if -(-size[0] // f) == scores.shape[2]), size)


# --- training ---------------------------------------------------------------------------------


def classification_loss(scores, labels):
    """Softmax cross-entropy at the labels' size, the mean over pixels that are not ignored."""
    return F.cross_entropy(full_size(scores, labels.shape[1:]), labels, ignore_index=IGNORED)


def step2_loss(out, labels, target):
    """Classification plus the consistency of the corrected feature with the key-frame CNN's own."""
    return classification_loss(out["scores"], labels) + CONSISTENCY_WEIGHT * ((out["feature"] - target) ** 2).mean()


def adam(p, learning_rate, encoder_factor=1.0, weight_decay=1e-7):
    """PyTorch's Adam over the trainable tensors; decay on `.weight`, a factor on the encoder's rate."""
    groups = [{"params": [tensor],
               "lr": learning_rate * (encoder_factor if name.startswith("encoder.") else 1.0),
               "weight_decay": weight_decay if name.endswith(".weight") else 0.0}
              for name, tensor in p.items() if tensor.requires_grad]
    return torch.optim.Adam(groups, lr=learning_rate, betas=(0.9, 0.999), eps=1e-8)
