"""Makes lstm.json and one-class.json beside this file: what PyTorch, LIBSVM and scikit-learn say of small fixed cases.

    apt-get install python3-torch python3-numpy python3-sklearn libsvm-tools
    /usr/bin/python3 test/models/golden/make.py

golden.test.ts reads only the JSON. The model is written here from its description, in float64, and shares no code with models/.
"""

import json
import math
import pathlib
import platform
import subprocess
import tempfile

import numpy as np
import sklearn
import torch
from sklearn.svm import OneClassSVM

HERE = pathlib.Path(__file__).parent
SEQUENCE, BATCH, UNITS = 50, 16, 64
EMBED = {"type": 12, "recency": 8, "token": 24, "hour": 4}
RECENCIES, PORTS, HOURS, NEVER = 6, 6, 24, 5
SAMPLES = 60  # values of each gradient that are kept


def mulberry(seed):
    """The generator of models/random.ts."""
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        t ^= (t + (((t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF
        yield ((t ^ (t >> 14)) & 0xFFFFFFFF) / 4294967296


def noise(seed, count):
    numbers = mulberry(seed)
    return np.array([2 * next(numbers) - 1 for _ in range(count)])


# ---- The LSTM: embeddings of four things, one layer, four heads with a bias for each condition.

TYPES, TOKENS = 3, [7, 2, 9, 4, 12, 5, 3, 20, 11]  # known types 1…3; tokens by frequency
SEED, SCALE = 11, 0.6
ADAM = {"steps": 20, "peak": 0.006}


def actions(count):
    """Rows of time, type, token, recency, port; some of each kind that the model does not know."""
    r = mulberry(5)
    pick = lambda values: values[int(next(r) * len(values))]
    time, rows = 1_750_000_000, []
    for _ in range(count):
        time += 1 + int(next(r) * 1500)
        rows.append([time, pick([1, 2, 3, 3, 4]), pick(TOKENS + [99, 150]), pick(range(RECENCIES)), pick(range(-1, PORTS))])
    return rows


def blocks():
    """Names, shapes and order of the parameters; heads begin at multiples of 8 columns."""
    types, tokens = TYPES + 1, len(TOKENS) + 1
    widths = {"type": types, "recency": RECENCIES, "port": PORTS, "token": tokens}
    conditions = {"type": 1, "recency": types, "port": types, "token": types * RECENCIES}
    columns, width = {}, 0
    for head, own in widths.items():
        columns[head] = (width, own)
        width += (own + 7) // 8 * 8
    rows = {"type": types, "recency": RECENCIES, "token": tokens, "hour": HOURS}
    shapes = {f"embed_{name}": (rows[name], EMBED[name]) for name in EMBED}
    shapes |= {"kernel": (sum(EMBED.values()), 4 * UNITS), "recurrent_kernel": (UNITS, 4 * UNITS), "bias": (1, 4 * UNITS)}
    shapes |= {f"bias_{head}": (conditions[head], own) for head, own in widths.items()}
    shapes["heads"] = (UNITS, width)
    return shapes, columns


SHAPES, COLUMNS = blocks()


def parameters():
    """Noise as float32, one stream through all blocks."""
    numbers = mulberry(SEED)
    made = {}
    for name, (rows, columns) in SHAPES.items():
        values = [(2 * next(numbers) - 1) * SCALE for _ in range(rows * columns)]
        made[name] = torch.tensor(np.float32(values).reshape(rows, columns), dtype=torch.float64, requires_grad=True)
    return made


def inputs(rows):
    token = {token: i + 1 for i, token in enumerate(TOKENS)}
    known = lambda kind: kind if kind <= TYPES else 0
    read = {
        "type": [known(row[1]) for row in rows],
        "recency": [row[3] for row in rows],
        "token": [token.get(row[2], 0) for row in rows],
        "hour": [row[0] // 3600 % 24 for row in rows],
    }
    wanted = {
        "type": read["type"],
        "recency": read["recency"],
        "port": [row[4] for row in rows],
        "token": [-1 if row[3] == NEVER else t for row, t in zip(rows, read["token"])],
    }
    by_type = read["type"]
    by_both = [t * RECENCIES + row[3] for t, row in zip(by_type, rows)]
    condition = {"type": [0] * len(rows), "recency": by_type, "port": by_type, "token": by_both}
    tensor = lambda table: {name: torch.tensor(values) for name, values in table.items()}
    return tensor(read), tensor(wanted), tensor(condition)


def head_losses(p, sequences):
    """−log p of each head for the actions after the first, shape [time, batch] a head; 0 where it says nothing."""
    read, wanted, condition = inputs([row for rows in zip(*sequences) for row in rows])
    batch = len(sequences)
    x = torch.cat([p[f"embed_{name}"][read[name]] for name in EMBED], dim=1).reshape(-1, batch, sum(EMBED.values()))[:-1]
    zeros = torch.zeros(1, batch, UNITS, dtype=torch.float64)
    weights = [p["kernel"].T, p["recurrent_kernel"].T, p["bias"][0], torch.zeros(4 * UNITS, dtype=torch.float64)]
    h = torch._VF.lstm(x, (zeros, zeros), weights, True, 1, 0.0, True, False, False)[0]
    logits = h.reshape(-1, UNITS) @ p["heads"]
    losses = {}
    for head, (column, width) in COLUMNS.items():
        own = logits[:, column : column + width] + p[f"bias_{head}"][condition[head][batch:]]
        target = wanted[head][batch:]
        losses[head] = torch.nn.functional.cross_entropy(own, target, ignore_index=-1, reduction="none").reshape(-1, batch)
    return losses


def mean_loss(p, sequences):
    return sum(losses.sum() for losses in head_losses(p, sequences).values()) / (SEQUENCE * BATCH)


def rate(step):
    turn = 0.3 * ADAM["steps"]
    if step < turn:
        return ADAM["peak"] * (0.04 + 0.96 * step / turn)
    fall = (step - turn) / (ADAM["steps"] - turn)
    return ADAM["peak"] * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * fall)))


def adam_curve(sequences):
    p = parameters()
    optimiser = torch.optim.Adam(p.values(), betas=(0.9, 0.999), eps=1e-8)
    losses = []
    for step in range(ADAM["steps"]):
        optimiser.param_groups[0]["lr"] = rate(step)
        optimiser.zero_grad()
        loss = mean_loss(p, sequences)
        loss.backward()
        length = math.sqrt(sum(float((value.grad**2).sum()) for value in p.values()))
        if length > 1:
            for value in p.values():
                value.grad /= length
        optimiser.step()
        losses.append(float(loss))
    return losses


def gradients_of(p):
    """Of each block: its largest value, some values, and the product of all with noise, so that none escapes."""
    made = {}
    for name, value in p.items():
        g = value.grad.reshape(-1).numpy()
        stride = max(1, len(g) // SAMPLES)
        projection = float(g @ noise(1, len(g)))
        made[name] = {"largest": float(abs(g).max()), "stride": stride, "values": g[::stride].tolist(), "projection": projection}
    return made


def lstm():
    rows = actions(130)
    starts = [4 * b for b in range(BATCH)]
    sequences = [rows[start : start + SEQUENCE + 1] for start in starts]
    p = parameters()
    loss = mean_loss(p, sequences)
    loss.backward()
    with torch.no_grad():
        stream = {head: losses[:, 0].clamp(max=12).tolist() for head, losses in head_losses(p, [rows]).items()}
    return {
        "madeBy": {"torch": torch.__version__, "numpy": np.__version__, "python": platform.python_version()},
        **{"types": TYPES, "tokens": TOKENS, "seed": SEED, "scale": SCALE, "actions": rows, "starts": starts},
        **{"loss": float(loss), "gradients": gradients_of(p)},
        **{"adam": {**ADAM, "losses": adam_curve(sequences)}, "stream": stream},
    }


# ---- The one-class SVM

GAMMA, NU, TOLERANCE = 0.7, 0.15, 1e-9


def one_class():
    points = np.round(noise(21, 320).reshape(80, 4), 3)
    probes = np.round(1.5 * noise(22, 160).reshape(40, 4), 3)
    weights, vectors, rho = libsvm(points)
    kernel = np.exp(-GAMMA * ((probes[:, None] - vectors[None]) ** 2).sum(axis=2))
    decisions = kernel @ weights - rho
    scikit = OneClassSVM(kernel="rbf", gamma=GAMMA, nu=NU, tol=TOLERANCE, shrinking=False).fit(points)
    version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "libsvm-tools"], check=True, capture_output=True, text=True)
    return {
        "madeBy": {"libsvm": version.stdout, "sklearn": sklearn.__version__, "numpy": np.__version__},
        **{"gamma": GAMMA, "nu": NU, "points": points.tolist(), "probes": probes.tolist()},
        "libsvm": {"nSV": len(weights), "rho": rho, "decisions": decisions.tolist()},
        "sklearn": {
            "nSV": int(scikit.n_support_.sum()),
            "rho": float(scikit.offset_[0]),
            "decisions": scikit.decision_function(probes).tolist(),
        },
    }


def libsvm(points):
    """Weights, vectors and rho that svm-train finds."""
    with tempfile.TemporaryDirectory() as folder:
        data, model = pathlib.Path(folder, "data"), pathlib.Path(folder, "model")
        line = lambda point: "1 " + " ".join(f"{i + 1}:{x}" for i, x in enumerate(point))
        data.write_text("".join(line(point) + "\n" for point in points.tolist()))
        options = ["-s", "2", "-t", "2", "-g", str(GAMMA), "-n", str(NU), "-e", str(TOLERANCE), "-h", "0", "-q"]
        subprocess.run(["svm-train", *options, str(data), str(model)], check=True)
        head, body = model.read_text().split("\nSV\n")
    rho = float(next(line for line in head.split("\n") if line.startswith("rho ")).split()[1])
    lines = [line.split() for line in body.strip().split("\n")]
    vectors = np.array([[float(pair.split(":")[1]) for pair in line[1:]] for line in lines])
    return np.array([float(line[0]) for line in lines]), vectors, rho


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name, made in (("lstm", lstm()), ("one-class", one_class())):
        (HERE / f"{name}.json").write_text(json.dumps(made) + "\n")
