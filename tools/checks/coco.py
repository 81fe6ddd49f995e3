"""Reads what `twnet segment --labels` wrote with pycocotools and Pillow: COCO's masks are the PNGs' ids.

    twnet segment clip.mp4 --labels png; twnet segment clip.mp4 --labels coco --format coco
    python tools/checks/coco.py coco png          (pip install pycocotools pillow numpy)
"""
import json
import sys

import numpy as np
from PIL import Image
from pycocotools import mask as masks
from pycocotools.coco import COCO

coco_folder, png_folder = sys.argv[1:3]
coco = COCO(f"{coco_folder}/annotations.json")
with open(f"{coco_folder}/labels.json") as file:
    said = json.load(file)
kept = [each["id"] for each in said["classes"]]
count = 0
for image in coco.loadImgs(coco.getImgIds()):
    picture = Image.open(f"{png_folder}/{image['file_name']}")
    assert picture.mode == "P"
    ids = np.array(picture)
    found = np.full(ids.shape, 255, np.uint8)
    area = {}
    for each in coco.loadAnns(coco.getAnnIds(imgIds=image["id"])):
        mask = coco.annToMask(each) > 0
        assert mask.sum() == each["area"] == masks.area(each["segmentation"])
        assert list(masks.toBbox(each["segmentation"])) == each["bbox"]
        assert (found[mask] == 255).all()
        category = coco.loadCats(each["category_id"])[0]
        found[mask] = category["class_id"]
        area[category["name"]] = each["area"]
        count += 1
    assert (found == np.where(np.isin(ids, kept), ids, 255)).all()
    frame = said["frames"][image["frame_index"]]
    assert frame["area"] == area and frame["time"] == image["timestamp"]
print(f"{count} masks of {len(coco.getImgIds())} frames are those of the PNGs")
