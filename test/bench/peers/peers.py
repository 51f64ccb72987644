"""What peers.bench.ts compares with: methods of PyOD, River, scikit-learn and a DeepLog-style LSTM of PyTorch, on the same windows.

Reads {"window", "stride", "users": [...]} from stdin: of each user the fields and tokens of the actions to learn from, of others' actions
to tune on, and of the test with its lines. Prints {"method": [{"lines", "scores", "train", "score", "windows"}, one a user]}: higher is
stranger, times in seconds of processor time. What is not installed is left out and told on standard error.
"""

import json
import os
import sys
import time
import warnings

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
warnings.filterwarnings("ignore")

import numpy as np

MOST_FIELDS = 300
SEED = 1


def columns_of(actions):
    """The fields that most of the actions to learn from have, each with a column; the last column is for all others."""
    counts = {}
    for fields in actions:
        for field in fields:
            counts[field] = counts.get(field, 0) + 1
    kept = sorted(counts, key=lambda field: (-counts[field], field))[:MOST_FIELDS]
    return {field: column for column, field in enumerate(kept)}


def windows_of(actions, columns, window, stride):
    """Square roots of the shares of each field, of length 1. Shape [windows, columns + 1]; and where each window ends."""
    other = len(columns)
    places = [[columns.get(field, other) for field in fields] for fields in actions]
    ends = list(range(window, len(actions) + 1, stride))
    rows = np.zeros((len(ends), other + 1), dtype=np.float64)
    for row, end in enumerate(ends):
        for action in places[end - window : end]:
            for place in action:
                rows[row, place] += 1
    rows = np.sqrt(rows)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), ends


def auc(normal, strange):
    both = np.concatenate([normal, strange])
    order = both.argsort(kind="stable")
    ranks = np.empty(len(both))
    ranks[order] = np.arange(1, len(both) + 1)
    for value in np.unique(both):
        same = both == value
        ranks[same] = ranks[same].mean()
    return (ranks[len(normal) :].sum() - len(strange) * (len(strange) + 1) / 2) / (len(normal) * len(strange))


def batch(make):
    """A method that is fitted to windows and has `score`: higher is stranger."""

    def method(user, parameters):
        model = make(**parameters)
        start = time.process_time()
        model.fit(user["rows"])
        trained = time.process_time()
        scores = strangeness(model, user["test_rows"])
        return scores, trained - start, time.process_time() - trained

    return method


def strangeness(model, rows):
    if hasattr(model, "decision_scores_"):
        return model.decision_function(rows)
    return -model.decision_function(rows)


def online(make, sign=1):
    """A method of River: it learns each window to learn from, then scores. @param sign −1: its score is high inside"""

    def method(user, parameters):
        model = make(**parameters)
        start = time.process_time()
        for row in user["rows"]:
            model.learn_one(dict(enumerate(row)))
        trained = time.process_time()
        scores = sign * np.array([model.score_one(dict(enumerate(row))) for row in user["test_rows"]])
        return scores, trained - start, time.process_time() - trained

    return method


def deep_log(user, parameters):
    """An LSTM that foresees the next token out of ten; a window's score is its mean −log p."""
    import torch

    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    most, history, units = 300, 10, 64
    counts = {}
    for token in user["tokens"]:
        counts[token] = counts.get(token, 0) + 1
    kept = sorted(counts, key=lambda token: (-counts[token], token))[:most]
    classes = {token: number + 1 for number, token in enumerate(kept)}
    coded = lambda tokens: torch.tensor([classes.get(token, 0) for token in tokens])

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = torch.nn.Embedding(most + 1, 32)
            self.lstm = torch.nn.LSTM(32, units, batch_first=True)
            self.out = torch.nn.Linear(units, most + 1)

        def forward(self, tokens):
            return self.out(self.lstm(self.embed(tokens))[0][:, -1])

    def pairs(tokens):
        cut = tokens.unfold(0, history + 1, 1)
        return cut[:, :-1], cut[:, -1]

    net = Net()
    start = time.process_time()
    inputs, targets = pairs(coded(user["tokens"]))
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(parameters.get("epochs", 10)):
        for part in torch.randperm(len(inputs)).split(128):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(net(inputs[part]), targets[part]).backward()
            optimizer.step()
    trained = time.process_time()
    with torch.no_grad():
        inputs, targets = pairs(coded(user["test_tokens"]))
        losses = np.array(
            [
                loss
                for i, t in zip(inputs.split(512), targets.split(512))
                for loss in torch.nn.functional.cross_entropy(net(i), t, reduction="none").tolist()
            ]
        )
    losses = np.concatenate([np.zeros(history), losses])
    sums = np.concatenate([[0], losses.cumsum()])
    scores = np.array([(sums[end] - sums[end - user["window"]]) / user["window"] for end in user["ends"]])
    return scores, trained - start, time.process_time() - trained


def methods():
    """By name: the method, and the settings among which tuning chooses; none: only the defaults."""
    found = {}
    try:
        from sklearn.ensemble import IsolationForest
        from sklearn.svm import OneClassSVM

        found["scikit-learn OneClassSVM"] = (
            batch(OneClassSVM),
            [{"nu": nu, "gamma": gamma} for nu in (0.01, 0.1, 0.5) for gamma in ("scale", 0.3, 1, 3)],
        )
        found["scikit-learn IsolationForest"] = (
            batch(lambda **parameters: IsolationForest(random_state=SEED, **parameters)),
            [{"n_estimators": trees, "max_features": share} for trees in (100, 300) for share in (0.3, 1.0)],
        )
    except ImportError as error:
        print(f"scikit-learn is left out: {error}", file=sys.stderr)
    try:
        from pyod.models.ecod import ECOD
        from pyod.models.iforest import IForest
        from pyod.models.ocsvm import OCSVM

        found["PyOD ECOD"] = (batch(ECOD), [])
        found["PyOD IForest"] = (batch(lambda **parameters: IForest(random_state=SEED, **parameters)), [])
        found["PyOD OCSVM"] = (batch(OCSVM), [])
    except ImportError as error:
        print(f"PyOD is left out: {error}", file=sys.stderr)
    try:
        from river.anomaly import HalfSpaceTrees
        from river.anomaly import OneClassSVM as OnlineSVM

        found["River HalfSpaceTrees"] = (
            online(lambda **parameters: HalfSpaceTrees(seed=SEED, **parameters)),
            [{"n_trees": 25, "height": height, "window_size": size} for height in (6, 10) for size in (50, 250)],
        )
        found["River OneClassSVM"] = (online(OnlineSVM, sign=-1), [{"nu": nu} for nu in (0.01, 0.1, 0.3)])
    except ImportError as error:
        print(f"River is left out: {error}", file=sys.stderr)
    try:
        import torch  # noqa: F401

        found["PyTorch LSTM, DeepLog’s way"] = (deep_log, [])
    except ImportError as error:
        print(f"PyTorch is left out: {error}", file=sys.stderr)
    return found


def prepared(told, window, stride, learn, test):
    """@param learn, test what of the user is learned and scored: pairs of fields and tokens"""
    columns = columns_of(learn[0])
    rows, _ = windows_of(learn[0], columns, window, stride)
    test_rows, ends = windows_of(test[0], columns, window, stride)
    return {
        "rows": rows,
        "test_rows": test_rows,
        "ends": ends,
        "tokens": learn[1],
        "test_tokens": test[1],
        "window": window,
    }


def tuned(method, grid, told, window, stride):
    """The settings that tell the user's own last third of what is to be learned best from others' actions."""
    cut = 2 * len(told["fields"]) // 3
    learn = (told["fields"][:cut], told["tokens"][:cut])
    own = prepared(told, window, stride, learn, (told["fields"][cut:], told["tokens"][cut:]))
    others = prepared(told, window, stride, learn, (told["otherFields"], told["otherTokens"]))
    figures = [auc(method(own, one)[0], method(others, one)[0]) for one in grid]
    return grid[int(np.argmax(figures))]


def main():
    case = json.load(sys.stdin)
    window, stride = case["window"], case["stride"]
    results = {}
    for name, (method, grid) in methods().items():
        for told in case["users"]:
            user = prepared(
                told, window, stride, (told["fields"], told["tokens"]), (told["testFields"], told["testTokens"])
            )
            lines = [told["testLines"][end - 1] for end in user["ends"]]
            for kind in ["defaults", *(["tuned"] if grid else [])]:
                parameters = {} if kind == "defaults" else tuned(method, grid, told, window, stride)
                try:
                    scores, trained, scored = method(user, parameters)
                except Exception as error:  # one method that fails stops no other
                    print(f"{name}: {error}", file=sys.stderr)
                    continue
                results.setdefault(f"{name}, {kind}", []).append(
                    {
                        "user": told["name"],
                        "lines": lines,
                        "scores": [float(score) for score in scores],
                        "train": trained,
                        "score": scored,
                    }
                )
    json.dump(results, sys.stdout)


main()
