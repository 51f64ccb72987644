"""What engines.bench.ts compares with: the same work by PyTorch, LIBSVM and scikit-learn, each on one thread.

Reads one JSON object from stdin and prints {"name": [amounts a second of processor time, one a run]}; what is not installed is left out.
"""

import ctypes
import ctypes.util
import json
import os
import sys
import time

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

RUNS = 5
SHORTEST_RUN = 0.3


def throughput(amount, work):
    """One call to warm up, then the runs that count, as rivals.ts has it."""
    work()
    samples = []
    for _ in range(RUNS):
        start, calls, spent = time.process_time(), 0, 0
        while spent < SHORTEST_RUN:
            work()
            calls += 1
            spent = time.process_time() - start
        samples.append(calls * amount / spent)
    return samples


def pytorch(case):
    import torch
    from torch.nn.functional import cross_entropy

    torch.set_num_threads(1)
    torch.manual_seed(1)
    sequence, batch, units, embed = case["sequence"], case["batch"], case["units"], case["embed"]
    rows = sequence * batch

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.embeddings = torch.nn.ModuleList(torch.nn.Embedding(n, width) for n, width in embed)
            self.lstm = torch.nn.LSTM(sum(width for _, width in embed), units)
            self.heads = torch.nn.Linear(units, sum(width for width, _ in case["heads"]), bias=False)
            self.biases = torch.nn.ModuleList(torch.nn.Embedding(n, width) for width, n in case["heads"])
            self.dropout = torch.nn.Dropout(0.3)
            self.widths = [width for width, _ in case["heads"]]

        def read(self, ids):
            return torch.cat([table(ids[e]) for e, table in enumerate(self.embeddings)], dim=-1)

    model = Model()
    optimiser = torch.optim.Adam(model.parameters())
    ids = torch.stack([torch.randint(n, (sequence, batch)) for n, _ in embed])
    targets = [torch.randint(width, (rows,)) for width, _ in case["heads"]]
    conditions = [torch.randint(n, (rows,)) for _, n in case["heads"]]

    def step():
        h, _ = model.lstm(model.read(ids))
        logits = model.heads(model.dropout(h)).reshape(rows, -1).split(model.widths, dim=1)
        parts = zip(logits, model.biases, conditions, targets)
        loss = sum(cross_entropy(own + bias(which), target) for own, bias, which, target in parts)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimiser.step()
        return float(loss)

    def train():
        for _ in range(case["steps"]):
            step()

    samples = {"training": throughput(case["steps"] * rows, train)}
    model.eval()
    weights = model.lstm.weight_ih_l0, model.lstm.weight_hh_l0, model.lstm.bias_ih_l0, model.lstm.bias_hh_l0
    events = case["events"]
    read = [[torch.randint(n, (1,)) for n, _ in embed] for _ in range(events)]
    wanted = [[(int(torch.randint(width, ())), torch.randint(n, (1,))) for width, n in case["heads"]] for _ in range(events)]

    def stream():
        h = c = torch.zeros(1, units)
        logits, total = None, 0.0
        with torch.inference_mode():
            for event, target in zip(read, wanted):
                if logits is not None:
                    for own, bias, (index, which) in zip(logits.split(model.widths, dim=1), model.biases, target):
                        total -= float(torch.log_softmax(own + bias(which), 1)[0, index])
                x = torch.cat([table(event[e]) for e, table in enumerate(model.embeddings)], dim=1)
                h, c = torch._VF.lstm_cell(x, (h, c), *weights)
                logits = model.heads(h)
        return total

    return {**samples, "streaming": throughput(events, stream)}


class Node(ctypes.Structure):
    _fields_ = [("index", ctypes.c_int), ("value", ctypes.c_double)]


Nodes = ctypes.POINTER(Node)


class Problem(ctypes.Structure):
    _fields_ = [("l", ctypes.c_int), ("y", ctypes.POINTER(ctypes.c_double)), ("x", ctypes.POINTER(Nodes))]


class Parameter(ctypes.Structure):
    _fields_ = [
        *[("svm_type", ctypes.c_int), ("kernel_type", ctypes.c_int), ("degree", ctypes.c_int), ("gamma", ctypes.c_double)],
        *[("coef0", ctypes.c_double), ("cache_size", ctypes.c_double), ("eps", ctypes.c_double), ("C", ctypes.c_double)],
        *[("nr_weight", ctypes.c_int), ("weight_label", ctypes.c_void_p), ("weight", ctypes.c_void_p)],
        *[("nu", ctypes.c_double), ("p", ctypes.c_double), ("shrinking", ctypes.c_int), ("probability", ctypes.c_int)],
    ]


def libsvm(case):
    """The library that svm-train calls, called as it does (-s 2 -t 2): without the reading of files."""
    library = ctypes.CDLL(ctypes.util.find_library("svm") or "libsvm.so.3")
    library.svm_train.restype = ctypes.c_void_p
    library.svm_set_print_string_function(QUIET)
    samples = {}
    for name, vectors in case["svm"].items():
        rows = [(Node * (len(row) + 1))(*[Node(i, v) for i, v in row], Node(-1, 0)) for row in vectors]
        n = len(rows)
        labels = (ctypes.c_double * n)(*[1.0] * n)
        problem = Problem(n, labels, (Nodes * n)(*[ctypes.cast(row, Nodes) for row in rows]))
        parameter = Parameter(2, 2, 3, case["gamma"], 0, 100, case["tolerance"], 1, 0, None, None, case["nu"], 0.1, 1, 0)
        model = None

        def train():
            nonlocal model
            model = ctypes.c_void_p(library.svm_train(ctypes.byref(problem), ctypes.byref(parameter)))

        samples[f"training {name}"] = throughput(n, train)
        value = ctypes.c_double()
        score = lambda: [library.svm_predict_values(model, row, ctypes.byref(value)) for row in rows]
        samples[f"scoring {name}"] = throughput(n, score)
    return samples


QUIET = ctypes.CFUNCTYPE(None, ctypes.c_char_p)(lambda _: None)


def sklearn(case):
    from scipy.sparse import csr_matrix
    from sklearn.svm import OneClassSVM

    samples = {}
    for name, vectors in case["svm"].items():
        columns = {i: c for c, i in enumerate(sorted({i for row in vectors for i, _ in row}))}
        places = [(r, columns[i]) for r, row in enumerate(vectors) for i, _ in row]
        values = [v for row in vectors for _, v in row]
        matrix = csr_matrix((values, tuple(zip(*places)))).toarray()
        model = OneClassSVM(gamma=case["gamma"], nu=case["nu"], tol=case["tolerance"])
        samples[f"training {name}"] = throughput(len(vectors), lambda: model.fit(matrix))
        samples[f"scoring {name}"] = throughput(len(vectors), lambda: model.decision_function(matrix))
    return samples


if __name__ == "__main__":
    given, answers = json.load(sys.stdin), {}
    for rival in (pytorch, libsvm, sklearn):
        try:
            answers[rival.__name__] = rival(given)
        except (ImportError, OSError) as error:
            print(f"{rival.__name__} is left out: {error}", file=sys.stderr)
    print(json.dumps(answers))
