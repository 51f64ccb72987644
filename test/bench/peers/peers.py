"""Judges users' logs by methods of PyOD, River, scikit-learn and PyTorch for peers.bench.ts, on the same windows as ubad.

Reads one JSON object: {"window", "stride", "block", "users": [{"name", "past", "others", "tests"}]}; a log is {"fields", "tokens"}, an entry
an action; `others` are logs of other users to tune against; each of `tests` begins with the last window − 1 actions of the past.
Prints {"versions", "methods": {name: [{"user", "scores", "line", "fit", "judge", "rows", "setting"}]}}: of each test a score for every action,
comparable between users, the user's own line, and seconds of processor time. What is not installed is left out and told.
"""

import json
import os
import sys
import time
import warnings

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"
warnings.filterwarnings("ignore")

import numpy as np

from methods import methods, versions
from windows import auc, columns_of, ends_of, own_line, scale_of, to_scale, windows_of


def part_of(log, columns, window, stride=1):
    return {
        "rows": windows_of(log["fields"], columns, window, stride),
        "tokens": log["tokens"],
        "ends": ends_of(len(log["fields"]), window, stride),
        "window": window,
    }


def cut(log, first, last=None):
    return {"fields": log["fields"][first:last], "tokens": log["tokens"][first:last]}


def prepare(user, window, stride):
    """Windows of all that is learned and judged; and of the rehearsal: two thirds of the past, against its last third and others."""
    past = user["past"]
    border = 2 * len(past["fields"]) // 3
    early = cut(past, 0, border)
    columns, early_columns = columns_of(past["fields"]), columns_of(early["fields"])
    held = cut(past, border - window + 1)
    return {
        "past": part_of(past, columns, window, stride),
        "tests": [part_of(test, columns, window) for test in user["tests"]],
        "early": part_of(early, early_columns, window, stride),
        "held": part_of(held, early_columns, window),
        "held_some": part_of(held, early_columns, window, stride),
        "others": [part_of(other, early_columns, window, stride) for other in user["others"]],
    }


def tuned(make, grid, parts):
    """The setting that tells the held-out third best from others' actions. Nothing of a test is in it."""

    def figure(parameters):
        model = make(parts["early"], parameters)
        strange = np.concatenate([model.score(other) for other in parts["others"]])
        return auc(model.score(parts["held_some"]), strange)

    return grid[int(np.argmax([figure(parameters) for parameters in grid]))]


def judge(make, parameters, parts, stride, block):
    held = make(parts["early"], parameters).score(parts["held"], goes_on=stride)
    scale = scale_of(held)
    start = time.process_time()
    model = make(parts["past"], parameters)
    fit = time.process_time() - start
    scores, seconds, rows = [], 0.0, 0
    for test in parts["tests"]:
        if model.goes_on and rows > 0:
            model = make(parts["past"], parameters)
        start = time.process_time()
        raw = model.score(test, goes_on=stride)
        seconds += time.process_time() - start
        rows += len(raw)
        scores.append([float(score) for score in to_scale(raw, scale)])
    line = own_line(held, scale, block)
    return {"scores": scores, "line": line, "fit": fit, "judge": seconds, "rows": rows, "setting": parameters}


def main():
    case = json.load(sys.stdin)
    window, stride, block = case["window"], case["stride"], case["block"]
    found = methods()
    results = {}
    for user in case["users"]:
        parts = prepare(user, window, stride)
        for name, (make, grid) in found.items():
            for kind in ("defaults", "tuned"):
                if kind == "tuned" and not (grid and parts["others"]):
                    continue
                start = time.process_time()
                try:
                    parameters = {} if kind == "defaults" else tuned(make, grid, parts)
                    judged = judge(make, parameters, parts, stride, block)
                except Exception as error:  # one method that fails stops no other
                    print(f"{name}, {kind}, {user['name']}: {type(error).__name__}: {error}", file=sys.stderr)
                    continue
                results.setdefault(f"{name}, {kind}", []).append({"user": user["name"], **judged})
                print(f"{user['name']}: {name}, {kind}: {time.process_time() - start:.1f} s", file=sys.stderr)
    json.dump({"versions": versions(), "methods": results}, sys.stdout)


main()
