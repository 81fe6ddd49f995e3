"""Times PyTorch's float32 training step of step 1 (key-frame CNN): forward, backward, Adam.

    /usr/bin/python3 -B tools/reference/time_step.py [--threads 2] [--batch 4] [--steps 10] [--profile]

Prints one line of JSON: median seconds of a step and of its phases; `processor`, its processor seconds
summed over threads; `cores` = processor / median; and the machine's load before the run. Only a run on an
idle machine is a figure to quote: load near 0 and cores near --threads. Two traps, both measured:
- Beside other work, OpenMP's threads spin at every barrier and a step takes several times as long;
  OMP_WAIT_POLICY=passive in the environment avoids that, but does not make the machine idle.
- With --threads 1, PyTorch 1.13 leaves oneDNN for its own convolution over plain BLAS (`_slow_conv2d` under
  --profile), about ten times slower with Debian's BLAS: no baseline for one core.
"""

import argparse
import json
import os
import statistics
import time

import torch

import deterministic
import twnet_reference as net


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", default="mobilenet-v1", choices=list(net.HEAD_CHANNELS))
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--width", type=int, default=480)
    parser.add_argument("--height", type=int, default=360)
    parser.add_argument("--classes", type=int, default=net.CLASSES)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--profile", action="store_true", help="also print PyTorch's table of operators")
    return parser.parse_args()


def main():
    o = options()
    load = os.getloadavg()[0]
    torch.set_num_threads(o.threads)
    p = {}
    for name, shape in net.key_shapes(o.backbone, o.classes).items():
        p[name] = torch.from_numpy(deterministic.parameter(name, shape)).requires_grad_(not net.is_statistic(name))
    shape = (o.batch, 3, o.height, o.width)
    image = torch.from_numpy(deterministic.model_input("input.image", shape))
    labels = torch.randint(0, o.classes, (o.batch, o.height, o.width), generator=torch.Generator().manual_seed(0))
    optimizer = net.adam(p, 1e-2, 0.01)

    def step():
        """Seconds at the start and after forward, backward and update; processor seconds last."""
        processor = time.process_time()
        times = [time.perf_counter()]
        optimizer.zero_grad(set_to_none=True)
        loss = net.classification_loss(net.key_forward(image, p, o.backbone, True)["scores"], labels)
        times.append(time.perf_counter())
        loss.backward()
        times.append(time.perf_counter())
        optimizer.step()
        times.append(time.perf_counter())
        times.append(time.process_time() - processor)
        return times

    for _ in range(o.warmup):
        step()
    runs = [step() for _ in range(o.steps)]
    seconds = {phase: round(statistics.median(run[i + 1] - run[i] for run in runs), 4)
               for i, phase in enumerate(("forward", "backward", "update"))}
    whole = sorted(run[3] - run[0] for run in runs)
    processor = statistics.median(run[4] for run in runs)
    print(json.dumps({"torch": torch.__version__, "backbone": o.backbone, "shape": shape, "threads": o.threads,
                      "steps": o.steps, "median": round(statistics.median(whole), 4), "fastest": round(whole[0], 4),
                      "slowest": round(whole[-1], 4), **seconds,
                      "processor": round(processor, 4), "cores": round(processor / statistics.median(whole), 2),
                      "loadBefore": load, "waitPolicy": os.environ.get("OMP_WAIT_POLICY", "default")}))
    if o.profile:
        with torch.profiler.profile() as profile:
            step()
        print(profile.key_averages().table(sort_by="self_cpu_time_total", row_limit=20, max_name_column_width=45))


if __name__ == "__main__":
    main()
