"""Two engine rooms, one answer: compiled loops and NumPy are two implementations of the same recipe."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tautband.reasoning.inference import Budget, Network, backend, fallback, gibbs, kernels, query
from tautband.reasoning.inference.junction import calibrate, plan_tree
from tautband.reasoning.inference.propagation import Messages, Scores

from .worlds import body, visit

NARROW = Budget(entries=6_000, width=9, exact_entries=6_000, exact_width=9)


@pytest.fixture
def numpy_room(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TAUTBAND_NO_NUMBA", "1")
    backend.choose.cache_clear()
    yield
    backend.choose.cache_clear()


def problem_and_messages(seed: int):
    net = body(seed)
    problem = Network.from_interchange(net).absorb(visit(net, seed)).problem
    messages = Messages(*(np.empty(len(x)) for x in (problem.found_idx, problem.kin_idx, problem.leak, problem.leak)))
    kernels.propagate(*problem, *messages, 0.1, 1e-10, 500)
    return problem, messages


@pytest.mark.parametrize("seed", range(3))
def test_propagation_finds_the_same_fixed_point(seed: int) -> None:
    problem, compiled = problem_and_messages(seed)
    plain = Messages(*(np.empty(len(x)) for x in compiled))
    fallback.propagate(*problem, *plain, 0.1, 1e-10, 500)
    for a, b in zip(compiled, plain, strict=True):
        assert a == pytest.approx(b, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_edges_score_the_same(seed: int) -> None:
    problem, messages = problem_and_messages(seed)
    scores = [Scores(np.empty(len(problem.found_idx)), np.empty(len(problem.kin_idx))) for _ in range(2)]
    for room, score in zip((kernels, fallback), scores, strict=True):
        room.score_edges(*problem[:8], *messages, 2.0, *score)
    assert scores[0].found == pytest.approx(scores[1].found, rel=1e-6, abs=1e-12)
    assert scores[0].kin == pytest.approx(scores[1].kin, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("tau", [1e-2, 1e-3])
@pytest.mark.parametrize("seed", range(2))
def test_calibration_agrees_edge_by_edge(seed: int, tau: float, numpy_room: None) -> None:
    problem, messages = problem_and_messages(seed)
    scores = Scores(np.empty(len(problem.found_idx)), np.empty(len(problem.kin_idx)))
    kernels.score_edges(*problem[:8], *messages, 2.0, *scores)
    answers = []
    for off in ("1", "0"):
        os.environ["TAUTBAND_NO_NUMBA"] = off
        backend.choose.cache_clear()
        tree = plan_tree(problem, scores, tau, 16, 1_000_000)
        assert tree is not None
        on, after, _, _ = calibrate(problem, messages, tree, 40)
        answers.append((on, after.belief))
    assert answers[0][0] == pytest.approx(answers[1][0], abs=1e-7)
    assert answers[0][1] == pytest.approx(answers[1][1], abs=1e-5)


def test_whole_queries_agree(numpy_room: None) -> None:
    net = body(2)
    network = Network.from_interchange(net)
    state = network.absorb(visit(net, 2))
    assert backend.name() == "fallback"
    plain = query(network, state)
    plain_quick = query(network, state, budget=NARROW)
    sampled = gibbs(network, state, sweeps=300, seed=1)
    os.environ["TAUTBAND_NO_NUMBA"] = "0"
    backend.choose.cache_clear()
    assert backend.name() == "kernels"
    assert query(network, state).marginals == pytest.approx(plain.marginals, abs=1e-8)
    quick = query(network, state, budget=NARROW)
    assert quick.marginals == pytest.approx(plain_quick.marginals, abs=max(1e-4, quick.error_estimate))
    assert sampled == pytest.approx(plain.marginals, abs=0.15)


def test_plans_are_orders_with_their_separators() -> None:
    random = np.random.default_rng(4)
    for room in (kernels, fallback):
        first, second = np.array([(a, b) for a in range(12) for b in range(a) if random.random() < 0.3]).T.copy()
        order, ptr, sep, width, entries = room.plan(12, first, second, 12, 1 << 40)
        assert sorted(order.tolist()) == list(range(12))
        near = {v: set() for v in range(12)}
        for a, b in zip(first.tolist(), second.tolist(), strict=True):
            near[a].add(b)
            near[b].add(a)
        for t, v in enumerate(order.tolist()):
            assert set(sep[ptr[t] : ptr[t + 1]].tolist()) == near[v]
            for u in near[v]:
                near[u] |= near[v] - {u}
                near[u] -= {v}
            near[v] = set()
        assert width == np.diff(ptr).max()
        assert entries == int((2 << np.diff(ptr)).sum())


def test_a_read_only_package_keeps_its_cache_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)
    monkeypatch.setattr(backend, "_writable", lambda folder: tmp_path in Path(folder).parents)
    backend._give_cache_a_home()
    assert Path(os.environ["NUMBA_CACHE_DIR"]) == tmp_path / "tautband" / "kernels"


def test_answers_where_numba_is_missing() -> None:
    code = (
        "import sys; sys.modules['numba'] = None\n"
        "from tautband.reasoning.inference.warm import warm; warm()\n"
        "from tautband.reasoning.inference.backend import name; print(name())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "fallback"
