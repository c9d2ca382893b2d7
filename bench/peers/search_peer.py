"""The other sides of the search benchmark: FAISS's exact and HNSW indexes, and hnswlib. The same steps as ours/search.js."""

import argparse
import json
import os
import sys
import time

import numpy

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from serve_steps import peak_memory_mib

K = 10
CONNECTIVITY = 16
EXPANSION_WHEN_ADDING = 128
# As far as it takes for the recall that is wanted, from what both libraries are usually asked with.
EXPANSIONS = [64, 96, 128, 192, 256, 384, 512]
WANTED_RECALL = 0.95

parser = argparse.ArgumentParser()
parser.add_argument("--peer", choices=["faiss-flat", "faiss-hnsw", "hnswlib"], required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--dimension", type=int, required=True)
parser.add_argument("--threads", type=int, required=True)
options = parser.parse_args()


def read(name, dtype, width):
    return numpy.fromfile(os.path.join(options.data, name), dtype=dtype).reshape(-1, width)


vectors = read("vectors", numpy.float32, options.dimension)
queries = read("queries", numpy.float32, options.dimension)
truth = read("truth", numpy.int32, K)

start, cpu_start = time.perf_counter(), time.process_time()
if options.peer == "hnswlib":
    import hnswlib

    name = "hnswlib"
    index = hnswlib.Index(space="ip", dim=options.dimension)
    index.init_index(max_elements=len(vectors), M=CONNECTIVITY, ef_construction=EXPANSION_WHEN_ADDING)
    index.set_num_threads(options.threads)
    index.add_items(vectors)

    def search(some):
        return index.knn_query(some, k=K)[0]

    def look_at(expansion):
        index.set_ef(expansion)

else:
    import faiss

    name = "FAISS " + faiss.__version__
    faiss.omp_set_num_threads(options.threads)
    if options.peer == "faiss-flat":
        index = faiss.IndexFlatIP(options.dimension)
    else:
        index = faiss.IndexHNSWFlat(options.dimension, CONNECTIVITY, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = EXPANSION_WHEN_ADDING
    index.add(vectors)

    def search(some):
        return index.search(some, K)[1]

    def look_at(expansion):
        index.hnsw.efSearch = expansion


seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start


def recall_of(found, first):
    known = truth[first : first + len(found)]
    if len(known) == 0:
        return 1.0
    return sum(len(set(a) & set(b)) for a, b in zip(found.tolist(), known.tolist())) / known.size


expansion = None
if options.peer != "faiss-flat":
    for expansion in EXPANSIONS:
        look_at(expansion)
        if recall_of(search(queries[: len(truth)]), 0) >= WANTED_RECALL:
            break

position = 0


def batch():
    return recall_of(search(queries), 0)


def single():
    global position
    at = position % len(queries)
    position += 1
    return recall_of(search(queries[at : at + 1]), at)


hello = {
    "name": name,
    "parameters": len(vectors),
    "seconds": seconds,
    "cpuSeconds": cpu_seconds,
    "expansion": expansion,
}
print(json.dumps(hello), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    step = {"batch": batch, "single": single}[request["work"]]
    start, cpu_start = time.perf_counter(), time.process_time()
    recalls = [step() for _ in range(request["steps"])]
    answer = {
        "seconds": time.perf_counter() - start,
        "cpuSeconds": time.process_time() - cpu_start,
        "loss": sum(recalls) / len(recalls),
        "peakMiB": peak_memory_mib(),
    }
    print(json.dumps(answer), flush=True)
