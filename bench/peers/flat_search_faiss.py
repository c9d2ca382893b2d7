"""FAISS's side of the evaluation benchmark: the exact k nearest of every vector of a file among all of them.

Queries come in groups, as nobody has room for the whole answer: 6,000 neighbours of 60,000 queries are 4 GB.
"""

import argparse
import json
import os
import sys
import time

import faiss
import numpy

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from serve_steps import peak_memory_mib

QUERIES_AT_ONCE = 4096

parser = argparse.ArgumentParser()
parser.add_argument("--file", required=True)
parser.add_argument("--dimension", type=int, required=True)
parser.add_argument("--k", type=int, required=True)
parser.add_argument("--threads", type=int, required=True)
options = parser.parse_args()

faiss.omp_set_num_threads(options.threads)
vectors = numpy.fromfile(options.file, dtype=numpy.float32).reshape(-1, options.dimension)

start = time.perf_counter()
index = faiss.IndexFlatIP(options.dimension)
index.add(vectors)
found = 0
for first in range(0, len(vectors), QUERIES_AT_ONCE):
    scores, indices = index.search(vectors[first : first + QUERIES_AT_ONCE], options.k)
    found += int((indices >= 0).sum())
seconds = time.perf_counter() - start
if found != len(vectors) * min(options.k, len(vectors)):
    raise SystemExit(f"expected {options.k} neighbours of each vector, got {found} in all")
print(json.dumps({"seconds": seconds, "peakMiB": peak_memory_mib()}))
