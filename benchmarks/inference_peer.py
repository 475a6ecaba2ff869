"""pyAgrum on the same question, in a child process with a time and memory limit.

The peer gets its kindest form: our absorbed problem (no negatives, no graded findings left), every noisy-OR as a
chain of nodes with two parents, so its tables stay small.
"""

import multiprocessing
import resource
import time
from queue import Empty
from typing import Any, NamedTuple

import numpy as np

from tautband.reasoning.inference import State

MEMORY_BYTES = 6 << 30


class PeerAnswer(NamedTuple):
    """`ms` of the second query (engine kept, evidence set again), or why there is none."""

    ms: float | None
    marginals: Any
    error: str


def ask_peer(state: State, engine: str, timeout_s: float) -> PeerAnswer:
    """Run `lbp` (loopy propagation) or `lazy` (exact) of pyAgrum on one absorbed record."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    child = context.Process(target=_answer, args=(tuple(state.problem), engine, queue))
    child.start()
    try:
        return PeerAnswer(*queue.get(timeout=timeout_s))
    except Empty:
        return PeerAnswer(None, None, f"no answer in {timeout_s:.0f} s" if child.is_alive() else "out of memory")
    finally:
        child.kill()
        child.join()


def _answer(problem: tuple[Any, ...], engine: str, queue: Any) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        import pyagrum

        net, soft, found = _network(pyagrum, problem)
        solver = {"lbp": pyagrum.LoopyBeliefPropagation, "lazy": pyagrum.LazyPropagation}[engine](net)
        names = [f"n{i}" for i in range(len(problem[7]))]
        spent = 0.0
        marginals = None
        for _ in range(2):
            start = time.perf_counter()
            solver.eraseAllEvidence()
            solver.setEvidence({**soft, **found})
            solver.makeInference()
            marginals = np.array([solver.posterior(name)[1] for name in names])
            spent = time.perf_counter() - start
        queue.put((spent * 1e3, marginals, ""))
    except MemoryError:
        queue.put((None, None, "out of memory"))
    except Exception as error:
        queue.put((None, None, f"{type(error).__name__}: {str(error)[:60]}"))


def _network(pyagrum: Any, problem: tuple[Any, ...]) -> tuple[Any, dict[str, list[float]], dict[str, int]]:
    found_ptr, found_idx, found_link, found_leak, kin_ptr, kin_idx, kin_link, leak, shift = problem
    net = pyagrum.BayesNet()

    def noisy_or(name: str, own: float, parents: list[str], links: list[float]) -> None:
        before = None
        for k in range(max(1, len(parents))):
            part = name if k >= len(parents) - 1 else f"{name}_{k}"
            net.add(pyagrum.LabelizedVariable(part, "", 2))
            above = ([] if before is None else [before]) + parents[k : k + 1]
            for parent in above:
                net.addArc(parent, part)
            for states in np.ndindex(*(2,) * len(above)):
                off = 1.0
                for parent, state in zip(above, states, strict=True):
                    off *= 1.0 if not state else 0.0 if parent == before else 1.0 - links[k]
                off *= 1.0 - own if before is None else 1.0
                net.cpt(part)[dict(zip(above, states, strict=True)) if above else slice(None)] = [off, 1.0 - off]
            before = part

    for i in _parents_first(kin_ptr, kin_idx):
        edges = slice(kin_ptr[i], kin_ptr[i + 1])
        noisy_or(f"n{i}", float(leak[i]), [f"n{j}" for j in kin_idx[edges]], kin_link[edges].tolist())
    for f in range(len(found_leak)):
        edges = slice(found_ptr[f], found_ptr[f + 1])
        noisy_or(f"f{f}", float(found_leak[f]), [f"n{j}" for j in found_idx[edges]], found_link[edges].tolist())
    soft = {f"n{i}": [1.0, float(np.exp(s))] for i, s in enumerate(shift) if s != 0.0}
    return net, soft, {f"f{f}": 1 for f in range(len(found_leak))}


def _parents_first(ptr: Any, idx: Any) -> list[int]:
    done: dict[int, None] = {}

    def visit(i: int) -> None:
        for j in idx[ptr[i] : ptr[i + 1]]:
            if int(j) not in done:
                visit(int(j))
        done[i] = None

    for i in range(len(ptr) - 1):
        if i not in done:
            visit(i)
    return list(done)
