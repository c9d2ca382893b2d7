"""Decodes and resizes images with Pillow: the other side of the benchmark `resize`.

argv: a JSON document {"files": [...], "side": n, "filter": "bilinear" | "bicubic", "out": path}. Writes the pixels, uint8
[files, side, side, 3], to `out` and prints {"seconds": s} for decoding and resizing alone.
"""

import json
import sys
import time

from PIL import Image

request = json.loads(sys.argv[1])
side = request["side"]
kernel = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}[request["filter"]]

seconds = 0.0
with open(request["out"], "wb") as out:
    for path in request["files"]:
        start = time.perf_counter()
        image = Image.open(path).convert("RGB").resize((side, side), kernel)
        pixels = image.tobytes()
        seconds += time.perf_counter() - start
        out.write(pixels)

print(json.dumps({"seconds": seconds}))
