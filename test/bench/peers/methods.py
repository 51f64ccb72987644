"""The peers: each makes a model of what is to be learned. A model has `score(part, goes_on)`: one number a window, higher is stranger.

A part is {"rows", "tokens", "ends", "window"}: its windows as numbers, the tokens of its actions, and where each window ends.
"""

import sys

import numpy as np

SEED = 1


def batch(make):
    """A method that is fitted to all windows at once, then stays."""

    class Model:
        goes_on = False

        def __init__(self, part, parameters):
            self.model = make(**parameters)
            self.model.fit(part["rows"])

        def score(self, part, goes_on=False):
            scores = self.model.decision_function(part["rows"])
            # PyOD's are high outside, scikit-learn's inside.
            outside = scores if hasattr(self.model, "decision_scores_") else -scores
            return outside / self.size

        @property
        def size(self):
            """A One-Class SVM's decision grows with what it learned: in its offset's it does not."""
            svm = getattr(self.model, "detector_", self.model)
            return abs(float(svm.offset_[0])) if hasattr(svm, "dual_coef_") else 1.0

    return Model


def online(make, sign=1):
    """A method of River: it learns window by window, and goes on where it judges, as its examples do. @param sign −1: high is inside"""

    class Model:
        goes_on = True

        def __init__(self, part, parameters):
            parameters = dict(parameters)
            rbf, width = parameters.pop("rbf", None), part["rows"].shape[1]
            self.mapped = (lambda rows: rows) if rbf is None else random_fourier(rbf, width)
            self.model = make(**parameters)
            for row in self.mapped(part["rows"]):
                self.model.learn_one(dict(enumerate(row.tolist())))

        def score(self, part, goes_on=False):
            scores = np.empty(len(part["rows"]))
            for at, row in enumerate(self.mapped(part["rows"])):
                x = dict(enumerate(row.tolist()))
                scores[at] = sign * self.model.score_one(x)
                # As often as before: of windows that overlap, each fifth.
                if goes_on and at % goes_on == 0:
                    self.model.learn_one(x)
            return scores

    return Model


def random_fourier(gamma, width, components=100):
    """`√(2/D)·cos(xW + b)`, whose products come near an RBF kernel's. Source: Rahimi & Recht 2007; River calls it RBFSampler."""
    generator = np.random.default_rng(SEED)
    weights = generator.normal(scale=np.sqrt(2 * gamma), size=(width, components))
    shift = generator.uniform(0, 2 * np.pi, components)
    return lambda rows: np.sqrt(2 / components) * np.cos(rows @ weights + shift)


class KeyLstm:
    """An LSTM of two layers foresees each next token from all before; a window's score is its mean −log p. As Du et al. 2017, DeepLog, have it."""

    goes_on = False
    MOST, LENGTH, BATCH = 300, 50, 16

    def __init__(self, part, parameters):
        import torch

        self.torch = torch
        torch.manual_seed(SEED)
        torch.set_num_threads(1)
        units = parameters.get("units", 64)
        counts = {}
        for token in part["tokens"]:
            counts[token] = counts.get(token, 0) + 1
        kept = sorted(counts, key=lambda token: (-counts[token], token))[: self.MOST]
        self.classes = {token: number + 1 for number, token in enumerate(kept)}
        self.embed = torch.nn.Embedding(self.MOST + 1, 32)
        self.lstm = torch.nn.LSTM(32, units, 2, batch_first=True)
        self.out = torch.nn.Linear(units, self.MOST + 1)
        coded = self.coded(part["tokens"])
        weights = [*self.embed.parameters(), *self.lstm.parameters(), *self.out.parameters()]
        optimizer = torch.optim.Adam(weights, lr=3e-3)
        for _ in range(parameters.get("steps", 300)):
            starts = torch.randint(len(coded) - self.LENGTH, (self.BATCH,))
            some = torch.stack([coded[start : start + self.LENGTH + 1] for start in starts])
            optimizer.zero_grad()
            self.losses(some).mean().backward()
            optimizer.step()

    def coded(self, tokens):
        return self.torch.tensor([self.classes.get(token, 0) for token in tokens])

    def losses(self, sequences):
        """−log p of each token but the first. Shape [sequences, length − 1]."""
        foreseen = self.out(self.lstm(self.embed(sequences[:, :-1]))[0])
        return self.torch.nn.functional.cross_entropy(foreseen.transpose(1, 2), sequences[:, 1:], reduction="none")

    def score(self, part, goes_on=False):
        with self.torch.no_grad():
            losses = self.losses(self.coded(part["tokens"])[None])[0].numpy()
        # Nothing comes before the first: it counts as foreseen.
        sums = np.concatenate([np.zeros(2), losses.astype(np.float64).cumsum()])
        return (sums[part["ends"]] - sums[part["ends"] - part["window"]]) / part["window"]


def scikit_learn():
    from sklearn.ensemble import IsolationForest
    from sklearn.svm import OneClassSVM

    return {
        "scikit-learn OneClassSVM": (
            batch(OneClassSVM),
            [{"nu": nu, "gamma": gamma} for nu in (0.01, 0.1, 0.5) for gamma in ("scale", 0.3, 3)],
        ),
        "scikit-learn IsolationForest": (
            batch(lambda **parameters: IsolationForest(random_state=SEED, **parameters)),
            [{"n_estimators": trees, "max_features": share} for trees in (100, 300) for share in (0.3, 1.0)],
        ),
    }


def pyod():
    from pyod.models.ecod import ECOD
    from pyod.models.iforest import IForest
    from pyod.models.ocsvm import OCSVM

    # ECOD has nothing to set. IForest and OCSVM are scikit-learn's with other defaults: tuned they would be those above.
    return {
        "PyOD ECOD": (batch(ECOD), []),
        "PyOD IForest": (batch(lambda **parameters: IForest(random_state=SEED, **parameters)), []),
        "PyOD OCSVM": (batch(OCSVM), []),
    }


def pyod_torch():
    import torch
    from pyod.models.auto_encoder import AutoEncoder

    torch.set_num_threads(1)
    make = lambda **parameters: AutoEncoder(random_state=SEED, verbose=0, **parameters)
    wide = {"hidden_neuron_list": [128, 32]}
    return {"PyOD AutoEncoder": (batch(make), [{}, {"epoch_num": 40}, wide, {**wide, "epoch_num": 40}])}


def river():
    from river.anomaly import HalfSpaceTrees, OneClassSVM

    return {
        "River HalfSpaceTrees": (
            online(lambda **parameters: HalfSpaceTrees(seed=SEED, **parameters)),
            [{"n_trees": 25, "height": height, "window_size": size} for height in (6, 10) for size in (50, 250)],
        ),
        # It learns `w·x > 1` of what is normal, so that what it calls its score is high inside.
        "River OneClassSVM": (
            online(OneClassSVM, sign=-1),
            [{"nu": nu, **rbf} for nu in (0.01, 0.1, 0.3) for rbf in ({}, {"rbf": 1}, {"rbf": 5})],
        ),
    }


def pytorch():
    import torch  # noqa: F401

    return {"PyTorch LSTM, as DeepLog": (KeyLstm, [{}, {"steps": 600}])}


def methods():
    """By name: how a model is made, and the settings among which tuning chooses (none: nothing to set)."""
    found = {}
    for family in (scikit_learn, pyod, pyod_torch, river, pytorch):
        try:
            found.update(family())
        except ImportError as error:
            print(f"{family.__name__} is left out: {error}", file=sys.stderr)
    return found


def versions():
    from importlib.metadata import PackageNotFoundError, version

    told = {"Python": sys.version.split()[0]}
    for name in ("numpy", "scikit-learn", "pyod", "river", "torch"):
        try:
            told[name] = version(name)
        except PackageNotFoundError:
            pass
    return told
