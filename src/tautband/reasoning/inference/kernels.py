"""Compiled inner loops of inference. `fallback` answers the same calls with NumPy alone.

Every function works on flat arrays so that one compiled form serves every network. Shared words:

    found_ptr, found_idx, found_link   CSR, positive finding -> its possible causes, and the link of each edge
    found_leak                         P(finding present | no cause on), one per positive
    kin_ptr, kin_idx, kin_link         CSR, node -> its parents among the unobserved nodes, and the links
    leak, shift                        per node: P(on | parents off); log-odds absorbed from other evidence
    to_cause, to_parent, to_child      messages in nats: finding -> cause, family -> parent, family -> child
    belief                             log-odds of each node

A positive noisy-OR finding is written `1 - (1 - leak) prod (1 - q d)`, a signed sum over a two-valued *selector*
y (0: the constant one, 1: minus the product), so it couples its causes only through y (a star). The family of a
cause with parents is written the same way with a selector u. The coupled model is then pairwise.
"""

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
B1 = npt.NDArray[np.bool_]
Function = TypeVar("Function", bound=Callable[..., Any])

LIMIT = 500.0  # nats; exp() of a larger log-odds would overflow


def _compiled(signature: str) -> Callable[[Function], Function]:
    """Compile for exactly one signature, at import, from the cache when it is there."""
    decorate = numba.njit(signature, cache=True, error_model="numpy", nogil=True)
    return cast(Callable[[Function], Function], decorate)


@_compiled("f8(f8)")
def _chance(log_odds: float) -> float:
    """Probability of a log-odds, safe for any size."""
    return 1.0 / (1.0 + math.exp(-min(max(log_odds, -LIMIT), LIMIT)))


@_compiled(
    "i8(i8[::1],i8[::1],f8[::1],f8[::1],i8[::1],i8[::1],f8[::1],f8[::1],f8[::1],"
    "f8[::1],f8[::1],f8[::1],f8[::1],f8,f8,i8)"
)
def propagate(
    found_ptr: I8,
    found_idx: I8,
    found_link: F8,
    found_leak: F8,
    kin_ptr: I8,
    kin_idx: I8,
    kin_link: F8,
    leak: F8,
    shift: F8,
    to_cause: F8,
    to_parent: F8,
    to_child: F8,
    belief: F8,
    damping: float,
    tolerance: float,
    most: int,
) -> int:
    """Loopy belief propagation, factor after factor. Fills the messages and beliefs; returns the iterations."""
    n = leak.shape[0]
    to_cause[:] = 0.0
    to_parent[:] = 0.0
    for i in range(n):
        to_child[i] = math.log(leak[i] / (1.0 - leak[i]))
        belief[i] = to_child[i] + shift[i]
    step = 1.0 - damping
    for iteration in range(most):
        largest = 0.0
        for f in range(found_leak.shape[0]):
            silent = 1.0 - found_leak[f]
            for e in range(found_ptr[f], found_ptr[f + 1]):
                silent *= 1.0 - found_link[e] * _chance(belief[found_idx[e]] - to_cause[e])
            for e in range(found_ptr[f], found_ptr[f + 1]):
                j = found_idx[e]
                q = found_link[e]
                others = silent / (1.0 - q * _chance(belief[j] - to_cause[e]))
                change = step * (math.log((1.0 - others * (1.0 - q)) / (1.0 - others)) - to_cause[e])
                largest = max(largest, abs(change))
                to_cause[e] += change
                belief[j] += change
        for i in range(n):
            if kin_ptr[i] == kin_ptr[i + 1]:
                continue
            silent = 1.0 - leak[i]
            for e in range(kin_ptr[i], kin_ptr[i + 1]):
                silent *= 1.0 - kin_link[e] * _chance(belief[kin_idx[e]] - to_parent[e])
            change = step * (math.log((1.0 - silent) / silent) - to_child[i])
            odds = math.exp(min(belief[i] - to_child[i], LIMIT))
            largest = max(largest, abs(change))
            to_child[i] += change
            belief[i] += change
            for e in range(kin_ptr[i], kin_ptr[i + 1]):
                j = kin_idx[e]
                q = kin_link[e]
                others = silent / (1.0 - q * _chance(belief[j] - to_parent[e]))
                quiet = others * (1.0 - q)
                ratio = (quiet + (1.0 - quiet) * odds) / (others + (1.0 - others) * odds)
                change = step * (math.log(ratio) - to_parent[e])
                largest = max(largest, abs(change))
                to_parent[e] += change
                belief[j] += change
        if largest < tolerance:
            return iteration + 1
    return most


@_compiled(
    "void(i8[::1],i8[::1],f8[::1],f8[::1],i8[::1],i8[::1],f8[::1],f8[::1],"
    "f8[::1],f8[::1],f8[::1],f8[::1],f8,f8[::1],f8[::1])"
)
def score_edges(
    found_ptr: I8,
    found_idx: I8,
    found_link: F8,
    found_leak: F8,
    kin_ptr: I8,
    kin_idx: I8,
    kin_link: F8,
    leak: F8,
    to_cause: F8,
    to_parent: F8,
    to_child: F8,
    belief: F8,
    caution: float,
    found_score: F8,
    kin_score: F8,
) -> None:
    """Score each edge by how much cutting it could move the marginals.

    Two causes that share positive findings are coupled by the mixed second difference of the log factors, summed
    over the findings they share; what the coupling can move is weighted with the variances p(1-p), and summed over
    the rivals: hundreds of weak ones count together. The parents of a likely child are coupled in the same way: its
    family, with the child summed out at its odds, acts as a positive (odds of off against on: 0 makes it one, 1
    makes it silent). Propagation is over-confident about dominant causes (it says .9996 where .65 is true), so
    log-odds x above 0 are read as `caution * log(1 + x / caution)`.
    """
    n = leak.shape[0]
    findings = found_leak.shape[0]
    place = -np.ones(n, np.int64)
    spread = np.empty(n)
    for i in range(n):
        p = _chance(caution * math.log1p(belief[i] / caution) if belief[i] > 0.0 else belief[i])
        spread[i] = p * (1.0 - p)
    size = 0
    for j in found_idx:
        if place[j] < 0 and spread[j] >= 1e-5:
            place[j] = size
            size += 1
    loud = np.zeros(n, np.bool_)  # families whose child is likely enough to couple its parents
    for i in range(n):
        loud[i] = kin_ptr[i + 1] - kin_ptr[i] > 1 and belief[i] - to_child[i] > 0.4
        for e in range(kin_ptr[i], kin_ptr[i + 1]):
            j = kin_idx[e]
            if loud[i] and place[j] < 0 and spread[j] >= 1e-5:
                place[j] = size
                size += 1
    found_score[:] = 0.0
    kin_score[:] = 0.0
    together = np.zeros((size, size))
    for adding in (True, False):
        for row in range(findings + n):
            family = row - findings
            if family < 0:
                start, end = found_ptr[row], found_ptr[row + 1]
                idx, link, told, score = found_idx, found_link, to_cause, found_score
                silent = 1.0 - found_leak[row]
                odds = 0.0
            else:
                start, end = kin_ptr[family], kin_ptr[family + 1]
                idx, link, told, score = kin_idx, kin_link, to_parent, kin_score
                silent = 1.0 - leak[family]
                odds = math.exp(max(min(to_child[family] - belief[family], LIMIT), -LIMIT))
            for e in range(start, end):
                silent *= 1.0 - link[e] * _chance(belief[idx[e]] - told[e])
            for e in range(start, end):
                j = idx[e]
                q = link[e]
                rest = silent / (1.0 - q * _chance(belief[j] - told[e]))
                if family >= 0 and not adding:
                    quiet = rest * (1.0 - q)
                    gain = math.log((1.0 - quiet) / quiet) - math.log((1.0 - rest) / rest)
                    score[e] += spread[family] * spread[j] * gain * gain
                if place[j] < 0 or (family >= 0 and not loud[family]):
                    continue
                for g in range(e + 1, end):
                    k = idx[g]
                    weight = spread[j] * spread[k]
                    r = link[g]
                    if place[k] < 0 or weight < 1e-9:
                        continue
                    others = rest / (1.0 - r * _chance(belief[k] - told[g]))
                    quiet = others * (1.0 - q)
                    both = 1.0 - (1.0 - odds) * quiet * (1.0 - r)
                    neither = 1.0 - (1.0 - odds) * others
                    second = 1.0 - (1.0 - odds) * others * (1.0 - r)
                    coupling = both * neither / ((1.0 - (1.0 - odds) * quiet) * second) - 1.0
                    if abs(coupling) > 0.01:
                        coupling = math.log1p(coupling)
                    if adding:
                        together[place[j], place[k]] += coupling
                        together[place[k], place[j]] += coupling
                    else:
                        mass = weight * abs(coupling * together[place[j], place[k]])
                        score[e] += mass
                        score[g] += mass


@_compiled(
    "Tuple((i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],f8[:,::1],i8))"
    "(i8[::1],i8[::1],f8[::1],i8[::1],i8[::1],f8[::1],b1[::1],b1[::1])"
)
def couple(
    found_ptr: I8,
    found_idx: I8,
    found_link: F8,
    kin_ptr: I8,
    kin_idx: I8,
    kin_link: F8,
    keep_found: B1,
    keep_kin: B1,
) -> tuple[I8, I8, I8, I8, I8, F8, int]:
    """Number the variables that kept edges join, and list those pairs.

    Returns node -> variable, finding -> selector, family -> selector (each -1 when unused), the two ends of each
    pair, its table [state of first, state of second] flattened, and the number of variables.
    """
    n = kin_ptr.shape[0] - 1
    findings = found_ptr.shape[0] - 1
    var = -np.ones(n, np.int64)
    found_var = -np.ones(findings, np.int64)
    kin_var = -np.ones(n, np.int64)
    count = 0
    pairs = 0
    for f in range(findings):
        for e in range(found_ptr[f], found_ptr[f + 1]):
            if keep_found[e]:
                pairs += 1
                if var[found_idx[e]] < 0:
                    var[found_idx[e]] = count
                    count += 1
                if found_var[f] < 0:
                    found_var[f] = count
                    count += 1
    for i in range(n):
        for e in range(kin_ptr[i], kin_ptr[i + 1]):
            if keep_kin[e]:
                pairs += 1
                if var[kin_idx[e]] < 0:
                    var[kin_idx[e]] = count
                    count += 1
                if kin_var[i] < 0:
                    kin_var[i] = count
                    count += 1
                    pairs += 1
                    if var[i] < 0:
                        var[i] = count
                        count += 1
    first = np.empty(pairs, np.int64)
    second = np.empty(pairs, np.int64)
    table = np.ones((pairs, 4))
    at = 0
    for f in range(findings):
        for e in range(found_ptr[f], found_ptr[f + 1]):
            if keep_found[e]:
                first[at] = found_var[f]
                second[at] = var[found_idx[e]]
                table[at, 3] = 1.0 - found_link[e]
                at += 1
    for i in range(n):
        if kin_var[i] < 0:
            continue
        first[at] = kin_var[i]
        second[at] = var[i]
        table[at, 0] = 0.0
        table[at, 3] = -1.0
        at += 1
        for e in range(kin_ptr[i], kin_ptr[i + 1]):
            if keep_kin[e]:
                first[at] = kin_var[i]
                second[at] = var[kin_idx[e]]
                table[at, 3] = 1.0 - kin_link[e]
                at += 1
    return var, found_var, kin_var, first, second, table, count


@_compiled("Tuple((i8[::1],i8[::1],i8[::1],i8,i8))(i8,i8[::1],i8[::1],i8,i8)")
def plan(count: int, first: I8, second: I8, most_width: int, most_entries: int) -> tuple[I8, I8, I8, int, int]:
    """Find an elimination order: strip leaves, then the vertex that adds fewest new neighbours (min-fill).

    Returns the order, CSR of the neighbours of each variable when it is eliminated, the width and the sum of all
    table sizes. Gives up early (width or entries above the limit, rest of the answer undefined).
    """
    order = np.empty(count, np.int64)
    ptr = np.zeros(count + 1, np.int64)
    sep = np.empty(count * 8 + 64, np.int64)
    degree = np.zeros(count, np.int64)
    start = np.zeros(count + 1, np.int64)
    for k in range(first.shape[0]):
        degree[first[k]] += 1
        degree[second[k]] += 1
    for i in range(count):
        start[i + 1] = start[i] + degree[i]
    fill_at = start[:-1].copy()
    near = np.empty(start[count], np.int64)
    for k in range(first.shape[0]):
        a, b = first[k], second[k]
        near[fill_at[a]] = b
        fill_at[a] += 1
        near[fill_at[b]] = a
        fill_at[b] += 1
    gone = np.zeros(count, np.bool_)
    queue = np.empty(count, np.int64)
    waiting = 0
    for i in range(count):
        if degree[i] <= 1:
            queue[waiting] = i
            waiting += 1
    done = 0
    width = 0
    entries = 0
    while waiting > 0:
        waiting -= 1
        i = queue[waiting]
        if gone[i]:
            continue
        gone[i] = True
        order[done] = i
        ptr[done + 1] = ptr[done]
        entries += 2 << degree[i]
        for x in range(start[i], start[i + 1]):
            j = near[x]
            if not gone[j]:
                sep[ptr[done]] = j
                ptr[done + 1] += 1
                width = max(width, 1)
                degree[j] -= 1
                if degree[j] == 1 or degree[j] == 0:
                    queue[waiting] = j
                    waiting += 1
        done += 1
    size = count - done
    if size == 0:
        return order, ptr, sep, width, entries
    name = np.empty(size, np.int64)
    core = np.empty(count, np.int64)
    at = 0
    for i in range(count):
        if not gone[i]:
            name[at] = i
            core[i] = at
            at += 1
    joined = np.zeros((size, size), np.bool_)
    lists = np.empty((size, size), np.int32)
    deg = np.zeros(size, np.int64)
    fill = np.zeros(size, np.int64)
    stale = np.ones(size, np.bool_)
    live = np.ones(size, np.bool_)
    for i in range(size):
        for x in range(start[name[i]], start[name[i] + 1]):
            if not gone[near[x]]:
                j = core[near[x]]
                joined[i, j] = True
                lists[i, deg[i]] = j
                deg[i] += 1
    start_at = 0
    for _ in range(size):
        best = -1
        best_key = 1 << 60
        for step in range(size):
            i = start_at + step
            if i >= size:
                i -= size
            if not live[i] or deg[i] > most_width:
                continue
            if stale[i]:
                missing = 0
                for a in range(deg[i]):
                    u = lists[i, a]
                    for b in range(a + 1, deg[i]):
                        if not joined[u, lists[i, b]]:
                            missing += 1
                fill[i] = missing
                stale[i] = False
            key = (fill[i] << 12) + deg[i]
            if key < best_key:
                best_key = key
                best = i
                if fill[i] == 0:
                    break  # its neighbours know each other already: never wrong to take next
        if best < 0:
            return order, ptr, sep, most_width + 1, entries
        start_at = best
        i = best
        m = deg[i]
        width = max(width, m)
        entries += 2 << m
        if width > most_width or entries > most_entries:
            return order, ptr, sep, width, entries
        if ptr[done] + m > sep.shape[0]:
            longer = np.empty(2 * sep.shape[0] + m, np.int64)
            longer[: ptr[done]] = sep[: ptr[done]]
            sep = longer
        order[done] = name[i]
        for a in range(m):
            u = lists[i, a]
            sep[ptr[done] + a] = name[u]
            joined[u, i] = False
            stale[u] = True
            for b in range(deg[u]):
                if lists[u, b] == i:
                    lists[u, b] = lists[u, deg[u] - 1]
                    break
            deg[u] -= 1
        ptr[done + 1] = ptr[done] + m
        done += 1
        live[i] = False
        if fill[i] > 0:
            for a in range(m):
                u = lists[i, a]
                for b in range(a + 1, m):
                    w = lists[i, b]
                    if not joined[u, w]:
                        joined[u, w] = True
                        joined[w, u] = True
                        lists[u, deg[u]] = w
                        lists[w, deg[w]] = u
                        deg[u] += 1
                        deg[w] += 1
            for a in range(m):
                u = lists[i, a]
                for b in range(deg[u]):
                    stale[lists[u, b]] = True
    return order, ptr, sep, width, entries


@_compiled(
    "Tuple((f8[:,::1],b1[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i4[::1]))"
    "(i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],f8[:,::1])"
)
def lay_out(
    order: I8, ptr: I8, sep: I8, first: I8, second: I8, table: F8
) -> tuple[F8, B1, I8, I8, I8, I8, I8, npt.NDArray[np.int32]]:
    """Turn an elimination order into a tree of tables.

    The cluster of the t-th variable v holds v and its separator. Separators are sorted in place, last eliminated
    first, so v is the highest bit of each message it receives and bit order agrees everywhere. Returns per separator
    slot the pair table [v, other] and whether there is one; CSR of children sorted by the highest cluster bit they
    need; that bit; offsets of messages; offsets of index tables; and the index tables (cluster state -> entry of
    the child's message, v's bit left out).
    """
    count = order.shape[0]
    at = np.empty(count, np.int64)
    for t in range(count):
        at[order[t]] = t
    for t in range(count):
        for a in range(ptr[t] + 1, ptr[t + 1]):
            x = sep[a]
            c = a - 1
            while c >= ptr[t] and at[sep[c]] < at[x]:
                sep[c + 1] = sep[c]
                c -= 1
            sep[c + 1] = x
    slots = ptr[count]
    pair = np.ones((slots, 4))
    paired = np.zeros(slots, np.bool_)
    for k in range(first.shape[0]):
        forward = at[first[k]] < at[second[k]]
        t = min(at[first[k]], at[second[k]])
        other = second[k] if forward else first[k]
        for a in range(ptr[t], ptr[t + 1]):
            if sep[a] == other:
                paired[a] = True
                pair[a, 0] = table[k, 0]
                pair[a, 1] = table[k, 1] if forward else table[k, 2]
                pair[a, 2] = table[k, 2] if forward else table[k, 1]
                pair[a, 3] = table[k, 3]
    top = -np.ones(count, np.int64)
    offset = np.zeros(count + 1, np.int64)
    lookup = np.zeros(count + 1, np.int64)
    child_ptr = np.zeros(count + 1, np.int64)
    slot = np.zeros(slots, np.int64)
    for t in range(count):
        k = ptr[t + 1] - ptr[t]
        offset[t + 1] = offset[t] + (1 << k)
        lookup[t + 1] = lookup[t]
        if k == 0:
            continue
        parent = at[sep[ptr[t + 1] - 1]]
        child_ptr[parent + 1] += 1
        c = ptr[parent]
        for a in range(ptr[t], ptr[t + 1] - 1):
            while sep[c] != sep[a]:
                c += 1
            slot[a] = c - ptr[parent]
            top[t] = slot[a]
        lookup[t + 1] += 1 << (top[t] + 1)
    for t in range(count):
        child_ptr[t + 1] += child_ptr[t]
    child = np.empty(child_ptr[count], np.int64)
    placed = child_ptr[:-1].copy()
    index = np.zeros(lookup[count], np.int32)
    for t in range(count):
        if ptr[t] == ptr[t + 1]:
            continue
        parent = at[sep[ptr[t + 1] - 1]]
        c = placed[parent] - 1
        while c >= child_ptr[parent] and top[child[c]] > top[t]:
            child[c + 1] = child[c]
            c -= 1
        child[c + 1] = t
        placed[parent] += 1
        base = lookup[t]
        reach = 1
        stride = 1
        a = ptr[t]
        for bit in range(top[t] + 1):
            add = 0
            if slot[a] == bit:
                add = stride
                stride *= 2
                a += 1
            for s in range(reach):
                index[base + reach + s] = index[base + s] + add
            reach *= 2
    return pair, paired, child_ptr, child, top, offset, lookup, index


@_compiled(
    "i8(i8,i8,i8[::1],f8[:,::1],b1[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i4[::1],"
    "f8[:,::1],f8[::1],f8[:,::1],f8[:,:,::1],b1)"
)
def _fill(
    t: int,
    v: int,
    ptr: I8,
    pair: F8,
    paired: B1,
    child_ptr: I8,
    child: I8,
    top: I8,
    offset: I8,
    lookup: I8,
    index: npt.NDArray[np.int32],
    unary: F8,
    message: F8,
    work: F8,
    saved: F8,
    saving: bool,
) -> int:
    """Multiply one cluster's table together, growing it bit by bit; a child enters as soon as its bits are there.

    `work[0]`, `work[1]` are the halves v = 0 and v = 1. When saving, each half before a child's message is kept in
    `saved` for the way back. Returns how many saved entries were written.
    """
    zero = work[0]
    one = work[1]
    zero[0] = unary[v, 0]
    one[0] = unary[v, 1]
    size = 1
    used = 0
    c = child_ptr[t]
    for bit in range(-1, ptr[t + 1] - ptr[t]):
        if bit >= 0:
            a = ptr[t] + bit
            if paired[a]:
                p00, p01, p10, p11 = pair[a, 0], pair[a, 1], pair[a, 2], pair[a, 3]
                for s in range(size):
                    zero[size + s] = zero[s] * p01
                    zero[s] *= p00
                    one[size + s] = one[s] * p11
                    one[s] *= p10
            else:
                for s in range(size):
                    zero[size + s] = zero[s]
                    one[size + s] = one[s]
            size *= 2
        while c < child_ptr[t + 1] and top[child[c]] == bit:
            kid = child[c]
            if saving:
                for s in range(size):
                    saved[0, 0, used + s] = zero[s]
                    saved[0, 1, used + s] = one[s]
                used += size
            low = message[offset[kid] : offset[kid + 1]]
            half = low.shape[0] // 2
            where = index[lookup[kid] : lookup[kid] + size]
            for s in range(size):
                zero[s] *= low[where[s]]
                one[s] *= low[half + where[s]]
            c += 1
    return used


@_compiled("f8(i8[::1],i8[::1],f8[:,::1],b1[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i4[::1],f8[:,::1],f8[:,::1])")
def sweep(
    order: I8,
    ptr: I8,
    pair: F8,
    paired: B1,
    child_ptr: I8,
    child: I8,
    top: I8,
    offset: I8,
    lookup: I8,
    index: npt.NDArray[np.int32],
    unary: F8,
    marginal: F8,
) -> float:
    """Exact (signed) marginals of every variable: sums up the tree, then derivatives down the same way.

    The way down is reverse-mode differentiation of the way up, so nothing is ever divided. Tables are scaled by
    their largest absolute entry. Returns the largest cancellation seen: over all clusters, the sum of absolute
    entries over the absolute sum. Rounding is about that many times the precision of a float.
    """
    count = order.shape[0]
    message = np.empty(offset[count])
    adjoint = np.empty(offset[count])
    widest = 0
    most = 1
    for t in range(count):
        widest = max(widest, ptr[t + 1] - ptr[t])
        total = 0
        for c in range(child_ptr[t], child_ptr[t + 1]):
            total += 1 << (top[child[c]] + 1)  # top is -1 where only the variable itself is shared
        most = max(most, total + 2)
    work = np.empty((2, 1 << widest))
    back = np.empty((2, 1 << widest))
    saved = np.empty((1, 2, most + (1 << widest)))
    for t in range(count):
        _fill(
            t, order[t], ptr, pair, paired, child_ptr, child, top, offset, lookup, index,
            unary, message, work, saved, False,
        )  # fmt: skip
        out = message[offset[t] : offset[t + 1]]
        largest = 0.0
        for s in range(out.shape[0]):
            out[s] = work[0, s] + work[1, s]
            largest = max(largest, abs(out[s]))
        if largest > 0.0:
            scale = 1.0 / largest
            for s in range(out.shape[0]):
                out[s] *= scale
    cancellation = 1.0
    for t in range(count - 1, -1, -1):
        v = order[t]
        used = _fill(
            t, v, ptr, pair, paired, child_ptr, child, top, offset, lookup, index,
            unary, message, work, saved, True,
        )  # fmt: skip
        k = ptr[t + 1] - ptr[t]
        size = 1 << k
        zero = back[0]
        one = back[1]
        if k == 0:
            adjoint[offset[t]] = 1.0
        mass = 0.0
        net = 0.0
        for s in range(size):
            outside = adjoint[offset[t] + s]
            zero[s] = outside
            one[s] = outside
            mass += (abs(work[0, s]) + abs(work[1, s])) * abs(outside)
            net += (work[0, s] + work[1, s]) * outside
        cancellation = max(cancellation, mass / max(abs(net), 1e-300))
        c = child_ptr[t + 1] - 1
        for bit in range(k - 1, -2, -1):
            while c >= child_ptr[t] and top[child[c]] == bit:
                kid = child[c]
                used -= size
                low = message[offset[kid] : offset[kid + 1]]
                out = adjoint[offset[kid] : offset[kid + 1]]
                half = low.shape[0] // 2
                where = index[lookup[kid] : lookup[kid] + size]
                out[:] = 0.0
                for s in range(size):
                    i = where[s]
                    out[i] += zero[s] * saved[0, 0, used + s]
                    out[half + i] += one[s] * saved[0, 1, used + s]
                    zero[s] *= low[i]
                    one[s] *= low[half + i]
                largest = 0.0
                for s in range(out.shape[0]):
                    largest = max(largest, abs(out[s]))
                if largest > 0.0:
                    scale = 1.0 / largest
                    for s in range(out.shape[0]):
                        out[s] *= scale
                c -= 1
            if bit >= 0:
                size //= 2
                a = ptr[t] + bit
                p00, p01, p10, p11 = pair[a, 0], pair[a, 1], pair[a, 2], pair[a, 3]
                for s in range(size):
                    zero[s] = zero[s] * p00 + zero[size + s] * p01
                    one[s] = one[s] * p10 + one[size + s] * p11
        off = zero[0] * unary[v, 0]
        on = one[0] * unary[v, 1]
        marginal[v, 0] = off / (off + on)
        marginal[v, 1] = on / (off + on)
    return cancellation


@_compiled(
    "void(i8[::1],i8[::1],f8[::1],f8[::1],i8[::1],i8[::1],f8[::1],f8[::1],f8[::1],"
    "f8[::1],f8[::1],f8[::1],f8[::1],b1[::1],b1[::1],i8[::1],i8[::1],i8[::1],f8[:,::1])"
)
def set_unaries(
    found_ptr: I8,
    found_idx: I8,
    found_link: F8,
    found_leak: F8,
    kin_ptr: I8,
    kin_idx: I8,
    kin_link: F8,
    leak: F8,
    shift: F8,
    to_cause: F8,
    to_parent: F8,
    to_child: F8,
    belief: F8,
    keep_found: B1,
    keep_kin: B1,
    var: I8,
    found_var: I8,
    kin_var: I8,
    unary: F8,
) -> None:
    """Give each variable of the coupled model what the cut edges still tell it."""
    n = leak.shape[0]
    total = shift.copy()
    for i in range(n):
        if kin_var[i] < 0:
            total[i] += to_child[i]
    for e in range(found_idx.shape[0]):
        if not keep_found[e]:
            total[found_idx[e]] += to_cause[e]
    for e in range(kin_idx.shape[0]):
        if not keep_kin[e]:
            total[kin_idx[e]] += to_parent[e]
    for i in range(n):
        if var[i] >= 0:
            unary[var[i], 0] = _chance(-total[i])
            unary[var[i], 1] = _chance(total[i])
    for f in range(found_leak.shape[0]):
        if found_var[f] < 0:
            continue
        silent = 1.0 - found_leak[f]
        for e in range(found_ptr[f], found_ptr[f + 1]):
            if not keep_found[e]:
                silent *= 1.0 - found_link[e] * _chance(belief[found_idx[e]] - to_cause[e])
        unary[found_var[f], 0] = 1.0
        unary[found_var[f], 1] = -silent
    for i in range(n):
        if kin_var[i] < 0:
            continue
        silent = 1.0 - leak[i]
        for e in range(kin_ptr[i], kin_ptr[i + 1]):
            if not keep_kin[e]:
                silent *= 1.0 - kin_link[e] * _chance(belief[kin_idx[e]] - to_parent[e])
        unary[kin_var[i], 0] = 1.0
        unary[kin_var[i], 1] = silent


@_compiled(
    "f8(i8[::1],i8[::1],f8[::1],f8[::1],i8[::1],i8[::1],f8[::1],f8[::1],"
    "f8[::1],f8[::1],f8[::1],f8[::1],b1[::1],b1[::1],i8[::1],i8[::1],i8[::1],f8[:,::1],f8)"
)
def compensate(
    found_ptr: I8,
    found_idx: I8,
    found_link: F8,
    found_leak: F8,
    kin_ptr: I8,
    kin_idx: I8,
    kin_link: F8,
    leak: F8,
    to_cause: F8,
    to_parent: F8,
    to_child: F8,
    belief: F8,
    keep_found: B1,
    keep_kin: B1,
    var: I8,
    found_var: I8,
    kin_var: I8,
    marginal: F8,
    damping: float,
) -> float:
    """Let every cut edge answer to the new beliefs; returns the largest change in nats.

    A cut edge of a factor that kept others reads the factor's selector: with m the signed marginal of the selector
    and m1' = m1 / (1 - p q) its part without this edge, the message is log[(m0 + m1'(1-q)) / (m0 + m1')].
    Factors with no kept edge do an ordinary propagation step.
    """
    n = leak.shape[0]
    step = 1.0 - damping
    largest = 0.0
    for i in range(n):
        if var[i] >= 0:
            p = min(max(marginal[var[i], 1], 1e-30), 1.0)
            belief[i] = math.log(p / max(marginal[var[i], 0], 1e-30))
    for f in range(found_leak.shape[0]):
        start, end = found_ptr[f], found_ptr[f + 1]
        m0, m1 = 1.0, 0.0
        if found_var[f] >= 0:
            m0, m1 = marginal[found_var[f], 0], marginal[found_var[f], 1]
        else:
            m1 = found_leak[f] - 1.0
            for e in range(start, end):
                m1 *= 1.0 - found_link[e] * _chance(belief[found_idx[e]] - to_cause[e])
        for e in range(start, end):
            if keep_found[e]:
                continue
            j = found_idx[e]
            q = found_link[e]
            rest = m1 / (1.0 - q * _chance(belief[j] - to_cause[e]))
            change = step * (math.log(max((m0 + rest * (1.0 - q)) / (m0 + rest), 1e-9)) - to_cause[e])
            largest = max(largest, abs(change))
            to_cause[e] += change
            if var[j] < 0:
                belief[j] += change
    for i in range(n):
        start, end = kin_ptr[i], kin_ptr[i + 1]
        if start == end:
            continue
        if kin_var[i] >= 0:
            m0, m1 = marginal[kin_var[i], 0], marginal[kin_var[i], 1]
        else:
            silent = 1.0 - leak[i]
            for e in range(start, end):
                silent *= 1.0 - kin_link[e] * _chance(belief[kin_idx[e]] - to_parent[e])
            p = _chance(belief[i] - to_child[i])
            m0, m1 = p, (1.0 - 2.0 * p) * silent
            change = math.log((1.0 - silent) / silent) - to_child[i]
            to_child[i] += change
            if var[i] < 0:
                belief[i] += change
        for e in range(start, end):
            if keep_kin[e]:
                continue
            j = kin_idx[e]
            q = kin_link[e]
            rest = m1 / (1.0 - q * _chance(belief[j] - to_parent[e]))
            change = step * (math.log(max((m0 + rest * (1.0 - q)) / (m0 + rest), 1e-9)) - to_parent[e])
            largest = max(largest, abs(change))
            to_parent[e] += change
            if var[j] < 0:
                belief[j] += change
    return largest


@_compiled("f8(i8,b1[::1],i8[::1],i8[::1],f8[::1],i8[::1],i8[::1],f8[::1],f8[::1],f8[::1],f8[::1])")
def _conditional(
    i: int,
    on: B1,
    up_ptr: I8,
    up_idx: I8,
    up_link: F8,
    kid_ptr: I8,
    kid_idx: I8,
    kid_link: F8,
    shift: F8,
    found_silent: F8,
    kin_silent: F8,
) -> float:
    """Log-odds of one node given every other. The silents are P(off | parents) of findings and of nodes."""
    total: float = shift[i]
    ratio = (1.0 - kin_silent[i]) / kin_silent[i]
    for e in range(up_ptr[i], up_ptr[i + 1]):
        q = up_link[e]
        others = found_silent[up_idx[e]]
        if on[i]:
            others /= 1.0 - q
        ratio *= (1.0 - others * (1.0 - q)) / (1.0 - others)
        if ratio > 1e200:
            total += math.log(ratio)
            ratio = 1.0
    for e in range(kid_ptr[i], kid_ptr[i + 1]):
        q = kid_link[e]
        if on[kid_idx[e]]:
            others = kin_silent[kid_idx[e]]
            if on[i]:
                others /= 1.0 - q
            ratio *= (1.0 - others * (1.0 - q)) / (1.0 - others)
        else:
            ratio *= 1.0 - q
    return total + math.log(max(ratio, 1e-300))


@_compiled("void(i8,b1[::1],i8[::1],i8[::1],f8[::1],i8[::1],i8[::1],f8[::1],f8[::1],f8[::1])")
def _flip(
    i: int,
    on: B1,
    up_ptr: I8,
    up_idx: I8,
    up_link: F8,
    kid_ptr: I8,
    kid_idx: I8,
    kid_link: F8,
    found_silent: F8,
    kin_silent: F8,
) -> None:
    """Turn one node over and keep the silents true."""
    on[i] = not on[i]
    for e in range(up_ptr[i], up_ptr[i + 1]):
        if on[i]:
            found_silent[up_idx[e]] *= 1.0 - up_link[e]
        else:
            found_silent[up_idx[e]] /= 1.0 - up_link[e]
    for e in range(kid_ptr[i], kid_ptr[i + 1]):
        if on[i]:
            kin_silent[kid_idx[e]] *= 1.0 - kid_link[e]
        else:
            kin_silent[kid_idx[e]] /= 1.0 - kid_link[e]


@_compiled("Tuple((i8[::1],i8[::1],f8[::1]))(i8,i8[::1],i8[::1],f8[::1])")
def _transpose(columns: int, ptr: I8, idx: I8, link: F8) -> tuple[I8, I8, F8]:
    """CSR of the other direction."""
    out = np.zeros(columns + 1, np.int64)
    for e in range(idx.shape[0]):
        out[idx[e] + 1] += 1
    for j in range(columns):
        out[j + 1] += out[j]
    at = out[:-1].copy()
    back = np.empty(idx.shape[0], np.int64)
    value = np.empty(idx.shape[0])
    for i in range(ptr.shape[0] - 1):
        for e in range(ptr[i], ptr[i + 1]):
            back[at[idx[e]]] = i
            value[at[idx[e]]] = link[e]
            at[idx[e]] += 1
    return out, back, value


@_compiled("void(b1[::1],i8[::1],i8[::1],f8[::1],f8[::1],f8[::1])")
def _silents(on: B1, ptr: I8, idx: I8, link: F8, leak: F8, silent: F8) -> None:
    """P(off | parents) of every child, from scratch (undoes the drift of many flips)."""
    for f in range(leak.shape[0]):
        silent[f] = 1.0 - leak[f]
        for e in range(ptr[f], ptr[f + 1]):
            if on[idx[e]]:
                silent[f] *= 1.0 - link[e]


@_compiled("void(i8[::1],i8[::1],f8[::1],f8[::1],i8[::1],i8[::1],f8[::1],f8[::1],f8[::1],i8,i8,i8,i8,f8[::1])")
def gibbs_sweeps(
    found_ptr: I8,
    found_idx: I8,
    found_link: F8,
    found_leak: F8,
    kin_ptr: I8,
    kin_idx: I8,
    kin_link: F8,
    leak: F8,
    shift: F8,
    sweeps: int,
    burn: int,
    swaps: int,
    seed: int,
    total: F8,
) -> None:
    """Add each node's conditional probability to `total` over `sweeps` sweeps.

    After every sweep, `swaps` exchanges are proposed: an on and an off cause of one positive finding, accepted by
    the Metropolis rule.
    """
    np.random.seed(seed)
    n = leak.shape[0]
    findings = found_leak.shape[0]
    up_ptr, up_idx, up_link = _transpose(n, found_ptr, found_idx, found_link)
    kid_ptr, kid_idx, kid_link = _transpose(n, kin_ptr, kin_idx, kin_link)
    on = np.zeros(n, np.bool_)
    found_silent = np.empty(findings)
    kin_silent = np.empty(n)
    for sweep_number in range(sweeps + burn):
        if sweep_number % 256 == 0:
            _silents(on, found_ptr, found_idx, found_link, found_leak, found_silent)
            _silents(on, kin_ptr, kin_idx, kin_link, leak, kin_silent)
        for i in range(n):
            odds = _conditional(
                i, on, up_ptr, up_idx, up_link, kid_ptr, kid_idx, kid_link, shift, found_silent, kin_silent
            )
            p = _chance(odds)
            if sweep_number >= burn:
                total[i] += p
            if (np.random.random() < p) != on[i]:
                _flip(i, on, up_ptr, up_idx, up_link, kid_ptr, kid_idx, kid_link, found_silent, kin_silent)
        if findings == 0:
            continue
        for _ in range(swaps):
            f = np.random.randint(findings)
            m = found_ptr[f + 1] - found_ptr[f]
            if m < 2:
                continue
            a = found_idx[found_ptr[f] + np.random.randint(m)]
            b = found_idx[found_ptr[f] + np.random.randint(m)]
            if on[a] == on[b]:
                continue
            gain = 0.0
            for i in (a, b):
                odds = _conditional(
                    i, on, up_ptr, up_idx, up_link, kid_ptr, kid_idx, kid_link, shift, found_silent, kin_silent
                )
                gain += -odds if on[i] else odds
                _flip(i, on, up_ptr, up_idx, up_link, kid_ptr, kid_idx, kid_link, found_silent, kin_silent)
            if math.log(1.0 - np.random.random()) >= gain:
                for i in (a, b):
                    _flip(i, on, up_ptr, up_idx, up_link, kid_ptr, kid_idx, kid_link, found_silent, kin_silent)
