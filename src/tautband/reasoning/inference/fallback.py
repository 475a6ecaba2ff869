"""The same calls as `kernels`, with NumPy alone: for machines without numba, and as a second implementation.

Tables are whole arrays with one axis per variable and propagation updates every factor at once, so the two share
the recipe but not the code. Slower (tens of milliseconds per query); the answers agree.
"""

from heapq import heappop, heappush

import numpy as np
import numpy.typing as npt

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
B1 = npt.NDArray[np.bool_]

LIMIT = 500.0  # nats; exp() of a larger log-odds would overflow


def _chance(log_odds: F8) -> F8:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -LIMIT, LIMIT))))


def _rows(ptr: I8) -> I8:
    return np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))


def _silent(rows: I8, link: F8, belief: F8, leak: F8) -> F8:
    """P(off) per factor when each parent is on with its own belief."""
    return np.asarray((1.0 - leak) * np.exp(np.bincount(rows, np.log1p(-link * belief), len(leak))))


def propagate(
    found_ptr: I8, found_idx: I8, found_link: F8, found_leak: F8, kin_ptr: I8, kin_idx: I8, kin_link: F8, leak: F8,
    shift: F8, to_cause: F8, to_parent: F8, to_child: F8, belief: F8, damping: float, tolerance: float, most: int,
) -> int:  # fmt: skip
    """Loopy belief propagation, all factors at once; half a step at a time, since that swings more."""
    found_row, kin_row = _rows(found_ptr), _rows(kin_ptr)
    family = np.diff(kin_ptr) > 0
    to_cause[:] = 0.0
    to_parent[:] = 0.0
    to_child[:] = np.log(leak) - np.log1p(-leak)
    step = 0.5 * (1.0 - damping)
    iteration = 0
    while iteration < 4 * most:
        iteration += 1
        belief[:] = _belief(found_idx, kin_idx, shift, to_cause, to_parent, to_child)
        p = _chance(belief[found_idx] - to_cause)
        others = _silent(found_row, found_link, p, found_leak)[found_row] / (1.0 - found_link * p)
        found_change = np.log((1.0 - others * (1.0 - found_link)) / (1.0 - others)) - to_cause
        p = _chance(belief[kin_idx] - to_parent)
        silent = _silent(kin_row, kin_link, p, leak)
        child_change = np.where(family, np.log((1.0 - silent) / silent) - to_child, 0.0)
        others = silent[kin_row] / (1.0 - kin_link * p)
        quiet = others * (1.0 - kin_link)
        odds = np.exp(np.minimum(belief - to_child, LIMIT))[kin_row]
        kin_change = np.log((quiet + (1.0 - quiet) * odds) / (others + (1.0 - others) * odds)) - to_parent
        to_cause += step * found_change
        to_parent += step * kin_change
        to_child += step * child_change
        largest = max(np.abs(x).max(initial=0.0) for x in (found_change, kin_change, child_change))
        if step * largest < tolerance:
            break
    belief[:] = _belief(found_idx, kin_idx, shift, to_cause, to_parent, to_child)
    return iteration


def _belief(found_idx: I8, kin_idx: I8, shift: F8, to_cause: F8, to_parent: F8, to_child: F8) -> F8:
    n = len(shift)
    return np.asarray(shift + to_child + np.bincount(found_idx, to_cause, n) + np.bincount(kin_idx, to_parent, n))


def score_edges(
    found_ptr: I8, found_idx: I8, found_link: F8, found_leak: F8, kin_ptr: I8, kin_idx: I8, kin_link: F8, leak: F8,
    to_cause: F8, to_parent: F8, to_child: F8, belief: F8, caution: float, found_score: F8, kin_score: F8,
) -> None:  # fmt: skip
    """Score each edge by how much cutting it could move a marginal (see `kernels.score_edges`)."""
    p = _chance(np.where(belief > 0.0, caution * np.log1p(np.maximum(belief, 0.0) / caution), belief))
    spread = p * (1.0 - p)
    rows = _rows(kin_ptr)
    cavity = _chance(belief[kin_idx] - to_parent)
    others = _silent(rows, kin_link, cavity, leak)[rows] / (1.0 - kin_link * cavity)
    quiet = others * (1.0 - kin_link)
    gain = np.log((1.0 - quiet) / quiet) - np.log((1.0 - others) / others)
    found_score[:] = 0.0
    kin_score[:] = spread[rows] * spread[kin_idx] * gain * gain
    parts = []
    for f in range(len(found_leak)):
        edges = slice(found_ptr[f], found_ptr[f + 1])
        parts.append((found_idx[edges], found_link[edges], to_cause[edges], found_leak[f], 0.0, found_score[edges]))
    for i in np.flatnonzero((np.diff(kin_ptr) > 1) & (belief - to_child > 0.4)):
        edges = slice(kin_ptr[i], kin_ptr[i + 1])
        odds = np.exp(np.clip(to_child[i] - belief[i], -LIMIT, LIMIT))
        parts.append((kin_idx[edges], kin_link[edges], to_parent[edges], leak[i], odds, kin_score[edges]))
    together = np.zeros((len(leak), len(leak)))
    couplings = [_couplings(*part[:-1], belief, spread) for part in parts]
    for (j, *_), coupling in zip(parts, couplings, strict=True):
        together[np.ix_(j, j)] += coupling
    for (j, *_, into), coupling in zip(parts, couplings, strict=True):
        mass = np.outer(spread[j], spread[j]) * np.abs(coupling * together[np.ix_(j, j)])
        into += mass.sum(axis=1)


def _couplings(
    j: I8, q: F8, told: F8, leak: float, odds: float, belief: F8, spread: F8
) -> F8:  # fmt: skip
    """Mixed second difference of the log factor for every pair of its parents; 0 where it cannot matter."""
    hush = 1.0 - q * _chance(belief[j] - told)
    others = (1.0 - leak) * np.prod(hush) / np.outer(hush, hush)
    weight = np.outer(spread[j], spread[j])
    known = weight >= 1e-9
    known &= np.logical_and.outer(spread[j] >= 1e-5, spread[j] >= 1e-5)
    np.fill_diagonal(known, False)
    others = np.where(known, others, 0.0)
    loud = 1.0 - (1.0 - odds) * others * (1.0 - q)[:, None]
    both = 1.0 - (1.0 - odds) * others * np.outer(1.0 - q, 1.0 - q)
    neither = 1.0 - (1.0 - odds) * others
    second = 1.0 - (1.0 - odds) * others * (1.0 - q)[None, :]
    return np.asarray(np.log(both * neither / (loud * second)))


def couple(
    found_ptr: I8, found_idx: I8, found_link: F8, kin_ptr: I8, kin_idx: I8, kin_link: F8, keep_found: B1, keep_kin: B1
) -> tuple[I8, I8, I8, I8, I8, F8, int]:  # fmt: skip
    """Number the variables that kept edges join, and list those pairs (see `kernels.couple`)."""
    found_row, kin_row = _rows(found_ptr)[keep_found], _rows(kin_ptr)[keep_kin]
    found_end, kin_end = found_idx[keep_found], kin_idx[keep_kin]
    families = np.unique(kin_row)
    count = 0
    numbered = []
    for size, used in (
        (len(kin_ptr) - 1, np.unique(np.concatenate([found_end, kin_end, families]))),
        (len(found_ptr) - 1, np.unique(found_row)),
        (len(kin_ptr) - 1, families),
    ):
        names = np.full(size, -1, np.int64)
        names[used] = np.arange(count, count + len(used))
        count += len(used)
        numbered.append(names)
    var, found_var, kin_var = numbered
    first = np.concatenate([found_var[found_row], kin_var[kin_row], kin_var[families]])
    second = np.concatenate([var[found_end], var[kin_end], var[families]])
    table = np.ones((len(first), 4))
    links = np.concatenate([found_link[keep_found], kin_link[keep_kin]])
    table[: len(links), 3] = 1.0 - links
    table[len(links) :, 0] = 0.0
    table[len(links) :, 3] = -1.0
    return var, found_var, kin_var, first, second, table, count


def plan(count: int, first: I8, second: I8, most_width: int, most_entries: int) -> tuple[I8, I8, I8, int, int]:
    """Find a min-fill elimination order (see `kernels.plan`)."""
    near: list[set[int]] = [set() for _ in range(count)]
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        near[a].add(b)
        near[b].add(a)
    order: list[int] = []
    seps: list[list[int]] = []
    width = entries = 0
    alive = [True] * count
    key: list[tuple[int, int, int] | None] = [None] * count
    queue: list[tuple[int, int, int]] = []
    stale = set(range(count))
    while len(order) < count:
        for u in stale:
            key[u] = None
            if alive[u] and len(near[u]) <= most_width:
                missing = sum(len(near[u] - near[w]) - 1 for w in near[u])
                key[u] = (missing, len(near[u]), u)
                heappush(queue, (missing, len(near[u]), u))
        stale = set()
        while queue and key[queue[0][2]] != queue[0]:
            heappop(queue)
        if not queue:
            width = most_width + 1
            break
        v = heappop(queue)[2]
        around = near[v]
        width = max(width, len(around))
        entries += 2 << len(around)
        if entries > most_entries:
            break
        order.append(v)
        seps.append(sorted(around))
        alive[v] = False
        stale = around | {v}
        for u in around:
            near[u].discard(v)
            fresh = around - near[u] - {u}
            if fresh:
                near[u] |= fresh
                stale |= near[u]
    ptr = np.zeros(count + 1, np.int64)
    ptr[1 : len(seps) + 1] = np.cumsum([len(s) for s in seps])
    sep = np.array([u for s in seps for u in s], np.int64)
    return np.array(order, np.int64), ptr, sep, width, entries


def lay_out(
    order: I8, ptr: I8, sep: I8, first: I8, second: I8, table: F8
) -> tuple[list[list[int]], list[int], list[list[tuple[int, F8]]]]:
    """Turn an elimination order into a tree of tables.

    Returns per position the variables of its cluster (its own first, then by elimination), its parent position
    (-1 for a root), and its pair tables as (other variable, table [own state, other state]).
    """
    at = {int(v): t for t, v in enumerate(order)}
    scopes = []
    for t, v in enumerate(order):
        scopes.append([int(v), *sorted(sep[ptr[t] : ptr[t + 1]].tolist(), key=lambda u: at[u])])
    parents = [at[scope[1]] if len(scope) > 1 else -1 for scope in scopes]
    pairs: list[list[tuple[int, F8]]] = [[] for _ in scopes]
    for a, b, flat in zip(first.tolist(), second.tolist(), table, strict=True):
        own, other, square = (a, b, flat.reshape(2, 2)) if at[a] < at[b] else (b, a, flat.reshape(2, 2).T)
        pairs[at[own]].append((other, square))
    return scopes, parents, pairs


def sweep(
    order: I8, ptr: I8, scopes: list[list[int]], parents: list[int], pairs: list[list[tuple[int, F8]]],
    unary: F8, marginal: F8,
) -> float:  # fmt: skip
    """Exact (signed) marginals of every variable: messages up the tree, then down, never dividing by a message.

    Returns the largest cancellation (see `kernels.sweep`).
    """
    count = len(scopes)
    local = []
    for t, scope in enumerate(scopes):
        whole = _spread(unary[scope[0]], [scope[0]], scope)
        for other, square in pairs[t]:
            whole = whole * _spread(square, [scope[0], other], scope)
        local.append(whole)
    children: list[list[int]] = [[] for _ in range(count)]
    for t, parent in enumerate(parents):
        if parent >= 0:
            children[parent].append(t)
    up = [np.ones(())] * count
    for t, scope in enumerate(scopes):
        whole = local[t]
        for c in children[t]:
            whole = whole * _spread(up[c], scopes[c][1:], scope)
        up[t] = _scaled(np.broadcast_to(whole, (2,) * len(scope)).sum(axis=0))
    cancellation = 1.0
    down = [np.ones(())] * count
    for t in range(count - 1, -1, -1):
        scope = scopes[t]
        above = local[t] * _spread(down[t], scope[1:], scope)
        before = [above]
        for c in children[t]:
            before.append(before[-1] * _spread(up[c], scopes[c][1:], scope))
        after: F8 = np.ones((1,) * len(scope))
        for k in range(len(children[t]) - 1, -1, -1):
            c = children[t][k]
            down[c] = _scaled(_gather(before[k] * after, scope, scopes[c][1:]))
            after = after * _spread(up[c], scopes[c][1:], scope)
        own = _gather(before[-1], scope, [scope[0]])
        marginal[scope[0]] = own / own.sum()
        mass = float(np.abs(np.broadcast_to(before[-1], (2,) * len(scope))).sum())
        cancellation = max(cancellation, mass / max(abs(float(own.sum())), 1e-300))
    return cancellation


def _spread(table: F8, scope: list[int], wide: list[int]) -> F8:
    """View a table over `scope` as one that broadcasts over `wide`."""
    place = {v: a for a, v in enumerate(scope)}
    turned = np.transpose(table, [place[v] for v in wide if v in place])
    return turned.reshape([2 if v in place else 1 for v in wide])


def _gather(table: F8, wide: list[int], scope: list[int]) -> F8:
    """Sum a table over `wide` down to `scope` (both in elimination order)."""
    full = np.broadcast_to(table, (2,) * len(wide))
    return np.asarray(full.sum(axis=tuple(a for a, v in enumerate(wide) if v not in scope)))


def _scaled(table: F8) -> F8:
    largest = float(np.abs(table).max())
    return table / largest if largest > 0.0 else table


def set_unaries(
    found_ptr: I8, found_idx: I8, found_link: F8, found_leak: F8, kin_ptr: I8, kin_idx: I8, kin_link: F8, leak: F8,
    shift: F8, to_cause: F8, to_parent: F8, to_child: F8, belief: F8, keep_found: B1, keep_kin: B1,
    var: I8, found_var: I8, kin_var: I8, unary: F8,
) -> None:  # fmt: skip
    """Give each variable of the coupled model what the cut edges still tell it."""
    n = len(leak)
    total = shift + np.where(kin_var < 0, to_child, 0.0)
    total += np.bincount(found_idx, np.where(keep_found, 0.0, to_cause), n)
    total += np.bincount(kin_idx, np.where(keep_kin, 0.0, to_parent), n)
    joined = var >= 0
    unary[var[joined], 0] = _chance(-total[joined])
    unary[var[joined], 1] = _chance(total[joined])
    p = np.where(keep_found, 0.0, _chance(belief[found_idx] - to_cause))
    silent = _silent(_rows(found_ptr), found_link, p, found_leak)
    unary[found_var[found_var >= 0]] = np.stack([np.ones(len(silent)), -silent], axis=1)[found_var >= 0]
    p = np.where(keep_kin, 0.0, _chance(belief[kin_idx] - to_parent))
    silent = _silent(_rows(kin_ptr), kin_link, p, leak)
    unary[kin_var[kin_var >= 0]] = np.stack([np.ones(n), silent], axis=1)[kin_var >= 0]


def compensate(
    found_ptr: I8, found_idx: I8, found_link: F8, found_leak: F8, kin_ptr: I8, kin_idx: I8, kin_link: F8, leak: F8,
    to_cause: F8, to_parent: F8, to_child: F8, belief: F8, keep_found: B1, keep_kin: B1,
    var: I8, found_var: I8, kin_var: I8, marginal: F8, damping: float,
) -> float:  # fmt: skip
    """Let every cut edge answer to the new beliefs; returns the largest change in nats."""
    step = 1.0 - damping
    joined = var >= 0
    loose = ~joined
    safe = np.maximum(marginal, 1e-30)
    belief[joined] = np.log(np.minimum(safe[var[joined], 1], 1.0) / safe[var[joined], 0])
    rows = _rows(found_ptr)
    p = _chance(belief[found_idx] - to_cause)
    m0, m1 = np.ones(len(found_leak)), -_silent(rows, found_link, p, found_leak)
    kept = found_var >= 0
    m0[kept], m1[kept] = marginal[found_var[kept]].T
    change = np.where(keep_found, 0.0, step * (_answer(m0[rows], m1[rows], p, found_link) - to_cause))
    largest = float(np.abs(change).max(initial=0.0))
    to_cause += change
    belief += np.where(loose, np.bincount(found_idx, change, len(leak)), 0.0)
    rows = _rows(kin_ptr)
    p = _chance(belief[kin_idx] - to_parent)
    silent = _silent(rows, kin_link, p, leak)
    own = _chance(belief - to_child)
    m0, m1 = own.copy(), (1.0 - 2.0 * own) * silent
    kept = kin_var >= 0
    m0[kept], m1[kept] = marginal[kin_var[kept]].T
    heard = np.where(~kept & (np.diff(kin_ptr) > 0), np.log((1.0 - silent) / silent) - to_child, 0.0)
    to_child += heard
    belief += np.where(loose, heard, 0.0)
    change = np.where(keep_kin, 0.0, step * (_answer(m0[rows], m1[rows], p, kin_link) - to_parent))
    to_parent += change
    belief += np.where(loose, np.bincount(kin_idx, change, len(leak)), 0.0)
    return max(largest, float(np.abs(change).max(initial=0.0)))


def _answer(m0: F8, m1: F8, p: F8, link: F8) -> F8:
    """Message of a cut edge from its factor's selector (see `kernels.compensate`)."""
    rest = m1 / (1.0 - link * p)
    return np.asarray(np.log(np.maximum((m0 + rest * (1.0 - link)) / (m0 + rest), 1e-9)))


def gibbs_sweeps(
    found_ptr: I8, found_idx: I8, found_link: F8, found_leak: F8, kin_ptr: I8, kin_idx: I8, kin_link: F8, leak: F8,
    shift: F8, sweeps: int, burn: int, swaps: int, seed: int, total: F8,
) -> None:  # fmt: skip
    """Add each node's conditional probability to `total`: single flips only, so it needs more sweeps."""
    random = np.random.default_rng(seed)
    n = len(leak)
    found_row, kin_row = _rows(found_ptr), _rows(kin_ptr)
    up = [np.flatnonzero(found_idx == i) for i in range(n)]
    down = [np.flatnonzero(kin_idx == i) for i in range(n)]
    on = np.zeros(n)
    quiet_found = np.log1p(-found_leak)
    quiet_kin = np.log1p(-leak)
    found_log, kin_log = np.log1p(-found_link), np.log1p(-kin_link)
    for number in range(sweeps + burn):
        for i in range(n):
            f, c = found_row[up[i]], kin_row[down[i]]
            others = np.exp(quiet_found[f] - on[i] * found_log[up[i]])
            odds = shift[i] + np.log(np.expm1(-quiet_kin[i]))
            odds += np.log((1.0 - others * (1.0 - found_link[up[i]])) / (1.0 - others)).sum()
            others = np.exp(quiet_kin[c] - on[i] * kin_log[down[i]])
            q = kin_link[down[i]]
            odds += np.where(on[c] > 0, np.log((1.0 - others * (1.0 - q)) / (1.0 - others)), kin_log[down[i]]).sum()
            p = float(_chance(np.asarray(odds)))
            if number >= burn:
                total[i] += p
            turn = float(random.random() < p) - on[i]
            if turn:
                on[i] += turn
                quiet_found[f] += turn * found_log[up[i]]
                quiet_kin[c] += turn * kin_log[down[i]]
