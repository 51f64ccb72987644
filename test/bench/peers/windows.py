"""Windows of actions as numbers, and what a method's scores of them mean: no method is known here."""

import numpy as np

MOST_FIELDS = 300


def columns_of(actions):
    """The fields that most of the actions to learn from have, each with a column; the last column is for all others."""
    counts = {}
    for fields in actions:
        for field in fields:
            counts[field] = counts.get(field, 0) + 1
    kept = sorted(counts, key=lambda field: (-counts[field], field))[:MOST_FIELDS]
    return {field: column for column, field in enumerate(kept)}


def windows_of(actions, columns, window, stride=1):
    """Square roots of the shares of each field, of length 1. Shape [windows, columns + 1]; the first ends with action `window`."""
    other = len(columns)
    places = [[columns.get(field, other) for field in fields] for fields in actions]
    count = max(0, (len(actions) - window) // stride + 1)
    rows = np.zeros((count, other + 1), dtype=np.float64)
    moving = np.zeros(other + 1)
    for end, action in enumerate(places, start=1):
        for place in action:
            moving[place] += 1
        if end > window:
            for place in places[end - window - 1]:
                moving[place] -= 1
        if end >= window and (end - window) % stride == 0:
            rows[(end - window) // stride] = moving
    rows = np.sqrt(rows)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def ends_of(length, window, stride=1):
    """Actions after which each of these windows ends."""
    return np.arange(window, length + 1, stride)


def auc(normal, strange):
    """The chance that one of `strange` is above one of `normal`; ties count half."""
    ordered = np.sort(normal)
    below = np.searchsorted(ordered, strange, side="left")
    until = np.searchsorted(ordered, strange, side="right")
    return float((below + until).mean() / 2 / len(ordered))


def own_line(held, scale, block):
    """The strangest unit of what was held out. @param held scores of all its windows @param block actions of a unit"""
    ours = to_scale(held, scale)
    return float(max(ours[at : at + block].max() for at in range(0, len(ours), block)))


def scale_of(scores):
    """What makes a user's scores comparable with another's: mean and spread of what was held out."""
    return float(np.mean(scores)), max(float(np.std(scores)), 1e-12)


def to_scale(scores, scale):
    mean, spread = scale
    return (scores - mean) / spread
