"""Asks an exported student: torchscript.py STUDENT.pt [IMAGE...]

STUDENT.pt is what `cnn2gnn export --torchscript STUDENT.pt` wrote. It is checked with its golden images
first. Images are brought to the model's size by the mean over areas, as the service does.
"""
import json
import sys

import torch

file, *images = sys.argv[1:]
files = {"card.json": ""}
student = torch.jit.load(file, map_location="cpu", _extra_files=files)
student.eval()
card = json.loads(files["card.json"])

golden, expected = student.golden()
with torch.inference_mode():
    difference = (student(golden) - expected).abs().max().item()
print(f"{card['name']} {card['version']}: {len(golden)} golden images, "
      f"logits differ by at most {difference:.1e}")
if not difference < 1e-3 * (1 + expected.abs().max().item()):
    sys.exit("that is too much: another version of PyTorch or a damaged file")

if images:
    from PIL import Image, ImageOps  # pip install pillow

    spec = card["student"]["input"]
    for path in images:
        with Image.open(path) as picture:
            picture = ImageOps.exif_transpose(picture)
            picture = picture.convert("L" if spec["channels"] == 1 else "RGB")
            picture = picture.resize((spec["width"], spec["height"]), Image.Resampling.BOX)
            samples = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
        with torch.inference_mode():
            batch = samples.view(1, spec["height"], spec["width"], spec["channels"])
            probabilities = student(batch).softmax(1)[0]
        best = int(probabilities.argmax())
        print(f"{path}: {card['classes'][best]} {100 * probabilities[best]:.1f} %")
