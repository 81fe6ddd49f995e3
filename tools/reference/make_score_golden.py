"""Writes test/fixtures/score-cityscapes-scripts.json: IoU and accuracy of 1,000 random pairs of label maps.

    /usr/bin/python3 -B tools/reference/make_score_golden.py

The formulas are those of cityscapesScripts' evalPixelLevelSemanticLabeling.py (getIouScoreForLabel,
getIouScoreForCategory, getScoreAverage), on label ids with their ignoreInEval flags and categories as in its
helpers/labels.py: some ignored ids belong to a category whose other ids are scored. CamVid's table has its eleven
classes and void. Both sides draw the maps by the recipe in `draw`; the fixture holds what comes out alone.
"""

import json
from pathlib import Path

import numpy as np

import deterministic

FIXTURE = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "score-cityscapes-scripts.json"
CASES = 1000
PIXELS = 240
IN_FULL = 8

# By id: name, category, ignoreInEval.
CITYSCAPES = [
    ("unlabeled", "void", True), ("ego vehicle", "void", True), ("rectification border", "void", True),
    ("out of roi", "void", True), ("static", "void", True), ("dynamic", "void", True), ("ground", "void", True),
    ("road", "flat", False), ("sidewalk", "flat", False), ("parking", "flat", True), ("rail track", "flat", True),
    ("building", "construction", False), ("wall", "construction", False), ("fence", "construction", False),
    ("guard rail", "construction", True), ("bridge", "construction", True), ("tunnel", "construction", True),
    ("pole", "object", False), ("polegroup", "object", True), ("traffic light", "object", False),
    ("traffic sign", "object", False), ("vegetation", "nature", False), ("terrain", "nature", False),
    ("sky", "sky", False), ("person", "human", False), ("rider", "human", False), ("car", "vehicle", False),
    ("truck", "vehicle", False), ("bus", "vehicle", False), ("caravan", "vehicle", True),
    ("trailer", "vehicle", True), ("train", "vehicle", False), ("motorcycle", "vehicle", False),
    ("bicycle", "vehicle", False),
]
CAMVID = [
    ("sky", "sky", False), ("building", "construction", False), ("pole", "object", False), ("road", "flat", False),
    ("pavement", "flat", False), ("tree", "nature", False), ("sign", "object", False),
    ("fence", "construction", False), ("car", "vehicle", False), ("pedestrian", "human", False),
    ("bicyclist", "human", False), ("void", "void", True),
]
CATEGORIES = ["flat", "construction", "object", "nature", "sky", "human", "vehicle"]


def draw(case):
    """Every fourth case is CamVid's. A label occurs in a map where its number is below a half (in none: the last
    label does); a pixel takes one of these, and a prediction the true label where its number is below 0.6."""
    labels = CAMVID if case % 4 == 3 else CITYSCAPES
    uniform = lambda what, count: deterministic.uniform(f"score.{case}.{what}", (count,))

    def occurring(what):
        ids = np.flatnonzero(uniform(f"{what}-has", len(labels)) < 0.5)
        return ids if len(ids) else np.array([len(labels) - 1])

    def pixels(what):
        ids = occurring(what)
        return ids[np.floor(uniform(what, PIXELS) * len(ids)).astype(int)]

    truth = pixels("truth")
    prediction = np.where(uniform("right", PIXELS) < 0.6, truth, pixels("prediction"))
    return labels, truth, prediction


def ratio(part, whole):
    return float("nan") if whole == 0 else float(part) / float(whole)


def label_iou(matrix, label, scored):
    tp = matrix[label, label]
    fn = matrix[label, :].sum() - tp
    fp = matrix[[other for other in scored if other != label], label].sum()
    return ratio(tp, tp + fp + fn)


def category_iou(matrix, labels, category):
    inside = [i for i, (_, of, ignored) in enumerate(labels) if of == category and not ignored]
    outside = [i for i, (_, of, ignored) in enumerate(labels) if of != category and not ignored]
    tp = matrix[inside][:, inside].sum()
    fn = matrix[inside].sum() - tp
    fp = matrix[outside][:, inside].sum()
    return ratio(tp, tp + fp + fn)


def average(scores):
    valid = [score for score in scores if score == score]
    return ratio(sum(valid), len(valid))


def score(case):
    labels, truth, prediction = draw(case)
    matrix = np.zeros((len(labels), len(labels)), dtype=np.int64)
    np.add.at(matrix, (truth, prediction), 1)
    scored = [i for i, (_, _, ignored) in enumerate(labels) if not ignored]
    counted = np.isin(truth, scored)
    recall = [ratio(np.sum((truth == i) & (prediction == i)), np.sum(truth == i)) for i in scored]
    return {
        "classIou": [label_iou(matrix, i, scored) for i in scored],
        "categoryIou": [category_iou(matrix, labels, name) for name in CATEGORIES],
        "pixelAccuracy": ratio(np.sum((truth == prediction) & counted), np.sum(counted)),
        "meanAccuracy": average(recall),
    }


def or_none(value):
    return None if value != value else value


def weighted(values):
    """The sum of the values times their position from 1, and a bit for each that is not a number."""
    known = [(k + 1) * value for k, value in enumerate(values) if value == value]
    return [sum(known), sum(1 << k for k, value in enumerate(values) if value != value)]


def main():
    scores = [score(case) for case in range(CASES)]
    rows = [[or_none(average(s["classIou"])), *weighted(s["classIou"]),
             or_none(average(s["categoryIou"])), *weighted(s["categoryIou"]),
             or_none(s["pixelAccuracy"]), or_none(s["meanAccuracy"])] for s in scores]
    full = [{name: [or_none(v) for v in s[name]] for name in ("classIou", "categoryIou")} for s in scores[:IN_FULL]]
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    FIXTURE.write_text(
        '{"about":"IoU by cityscapesScripts\' formulas of random label maps (tools/reference/make_score_golden.py).",\n'
        f'"pixels":{PIXELS},\n'
        '"columns":["mean class IoU","weighted sum","absent, bits","mean category IoU","weighted sum","absent, bits",'
        '"pixel accuracy","mean accuracy"],\n'
        f'"inFull":{json.dumps(full, separators=(",", ":"))},\n"cases":[\n{lines}\n]}}\n')
    print(f"{FIXTURE.name}: {CASES} cases, {sum(row[2] > 0 for row in rows)} with absent classes")


if __name__ == "__main__":
    main()
