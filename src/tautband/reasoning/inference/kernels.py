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


def _summed(signature: str) -> Callable[[Function], Function]:
    """As `_compiled`, for plain sums whose order does not matter: terms may be added several at a time."""
    decorate = numba.njit(signature, cache=True, error_model="numpy", nogil=True, fastmath={"reassoc", "nsz"})
    return cast(Callable[[Function], Function], decorate)


def _inlined(function: Function) -> Function:
    """Compile into whatever calls it."""
    return cast(Function, numba.njit(error_model="numpy", inline="always")(function))


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


TWINS_SHARE = 6
"""Causes with the same positives are eliminated first and together when they have at most this many of them."""


@_compiled("Tuple((i8[::1],i8[::1],i8))(i8,b1[::1],i8[::1],i8[::1])")
def _twins(count: int, apart: B1, start: I8, near: I8) -> tuple[I8, I8, int]:
    """Classes of variables with the same few neighbours: their members one class after another, and CSR of classes.

    apart   variables that belong to no class (selectors, which are neighbours of the others)
    Classes of one are left out. Returns members, ptr and the number of classes.
    """
    slots = 1
    while slots < 2 * count + 2:
        slots *= 2
    table = -np.ones(slots, np.int64)
    following = -np.ones(count, np.int64)
    several = np.zeros(count, np.bool_)
    for i in range(count):
        degree = start[i + 1] - start[i]
        if apart[i] or degree == 0 or degree > TWINS_SHARE:
            continue
        mixed = degree
        for x in range(start[i], start[i + 1]):
            mixed += (near[x] + 1) * 0x9E3779B97F4A7C1 ^ ((near[x] + 1) << 21)
        at = mixed & (slots - 1)
        while True:
            first = table[at]
            if first < 0:
                table[at] = i
                break
            same = start[first + 1] - start[first] == degree
            x = 0
            while same and x < degree:
                same = near[start[first] + x] == near[start[i] + x]
                x += 1
            if same:
                following[i] = following[first]
                following[first] = i
                several[first] = True
                break
            at = (at + 1) & (slots - 1)
    members = np.empty(count, np.int64)
    ptr = np.zeros(count + 1, np.int64)
    classes = 0
    at = 0
    for i in range(count):
        if several[i]:
            j = i
            while j >= 0:
                members[at] = j
                at += 1
                j = following[j]
            classes += 1
            ptr[classes] = at
    return members, ptr, classes


@_compiled("Tuple((i8[::1],i8[::1]))(i8,i8[::1],i8[::1])")
def _neighbours(count: int, first: I8, second: I8) -> tuple[I8, I8]:
    """CSR of the neighbours of each variable, in the order of the pairs."""
    start = np.zeros(count + 1, np.int64)
    for k in range(first.shape[0]):
        start[first[k] + 1] += 1
        start[second[k] + 1] += 1
    for i in range(count):
        start[i + 1] += start[i]
    at = start[:-1].copy()
    near = np.empty(start[count], np.int64)
    for k in range(first.shape[0]):
        a, b = first[k], second[k]
        near[at[a]] = b
        at[a] += 1
        near[at[b]] = a
        at[b] += 1
    return start, near


@_compiled("Tuple((i8[::1],i8[::1],i8[::1],i8,i8))(i8,i8[::1],i8[::1],i8,i8)")
def plan(count: int, first: I8, second: I8, most_width: int, most_entries: int) -> tuple[I8, I8, I8, int, int]:
    """Find an elimination order: twins, then leaves, then the vertex that adds fewest new neighbours (min-fill).

    `first` holds selectors, `second` the nodes. Nodes with the same selectors are twins: they go first, class by
    class, so that min-fill works on a graph a tenth the size and `sweep` multiplies each class into one table.
    Returns the order, CSR of the neighbours of each variable when it is eliminated, the width and the sum of all
    table sizes (a class counts once). Gives up early (width or entries above the limit, rest of the answer
    undefined).
    """
    order = np.empty(count, np.int64)
    ptr = np.zeros(count + 1, np.int64)
    sep = np.empty(count * 8 + 64, np.int64)
    start, near = _neighbours(count, first, second)
    apart = np.zeros(count, np.bool_)
    for k in range(first.shape[0]):
        apart[first[k]] = True
    members, class_ptr, classes = _twins(count, apart, start, near)
    gone = np.zeros(count, np.bool_)
    done = 0
    width = 0
    entries = 0
    selectors = 0
    place = -np.ones(count, np.int64)
    for i in range(count):
        if apart[i]:
            place[i] = selectors
            selectors += 1
    known = np.zeros((selectors, selectors), np.bool_)
    more = 0
    for c in range(classes):
        leader = members[class_ptr[c]]
        degree = start[leader + 1] - start[leader]
        width = max(width, degree)
        entries += 2 << degree
        for x in range(class_ptr[c], class_ptr[c + 1]):
            i = members[x]
            gone[i] = True
            order[done] = i
            for y in range(degree):
                sep[ptr[done] + y] = near[start[i] + y]
            ptr[done + 1] = ptr[done] + degree
            done += 1
        for x in range(start[leader], start[leader + 1]):
            for y in range(x + 1, start[leader + 1]):
                a, b = place[near[x]], place[near[y]]
                if not known[a, b]:
                    known[a, b] = True
                    known[b, a] = True
                    more += 1
    if done > 0:
        left = more
        for k in range(first.shape[0]):
            left += not gone[second[k]]
        ends = np.empty(left, np.int64)
        others = np.empty(left, np.int64)
        at = 0
        for k in range(first.shape[0]):
            if not gone[second[k]]:
                ends[at] = first[k]
                others[at] = second[k]
                at += 1
        for i in range(count):
            if apart[i]:
                for j in range(i + 1, count):
                    if apart[j] and known[place[i], place[j]]:
                        ends[at] = i
                        others[at] = j
                        at += 1
        start, near = _neighbours(count, ends, others)
    degree_of = start[1:] - start[:-1]
    queue = np.empty(2 * count, np.int64)
    waiting = 0
    for i in range(count):
        if degree_of[i] <= 1 and not gone[i]:
            queue[waiting] = i
            waiting += 1
    while waiting > 0:
        waiting -= 1
        i = queue[waiting]
        if gone[i]:
            continue
        gone[i] = True
        order[done] = i
        ptr[done + 1] = ptr[done]
        entries += 2 << degree_of[i]
        for x in range(start[i], start[i + 1]):
            j = near[x]
            if not gone[j]:
                sep[ptr[done]] = j
                ptr[done + 1] += 1
                width = max(width, 1)
                degree_of[j] -= 1
                if degree_of[j] == 1 or degree_of[j] == 0:
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


BLOCK = 5
"""Tables are read in runs of 2**BLOCK entries, which the processor multiplies several at a time."""


@_compiled(
    "Tuple((f8[:,::1],b1[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i4[::1]))"
    "(i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],f8[:,::1])"
)
def lay_out(
    order: I8, ptr: I8, sep: I8, first: I8, second: I8, table: F8
) -> tuple[F8, B1, I8, I8, I8, I8, I8, I8, I8, npt.NDArray[np.int32]]:
    """Turn an elimination order into a tree of tables.

    The cluster of the t-th variable v holds v and its separator. Separators are sorted in place, last eliminated
    first, so v is the highest bit of each message it receives and bit order agrees everywhere. Returns per separator
    slot the pair table [v, other] and whether there is one; the end of the class of twins that t leads (t itself
    where it follows another); CSR of children sorted by the highest cluster bit they need; that bit; offsets of
    messages; offsets of index tables; how many of a child's bits are among the lowest BLOCK of its cluster; and the
    index tables, v's bit left out: entry of a run -> low part of the entry of the child's message, then run -> high
    part of it.
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
    leaf = np.ones(count, np.bool_)
    for t in range(count):
        k = ptr[t + 1] - ptr[t]
        if k > 0:
            leaf[at[sep[ptr[t + 1] - 1]]] = False
        else:
            leaf[t] = False
        for a in range(ptr[t], ptr[t + 1]):
            if min(pair[a, 0], pair[a, 1], pair[a, 2], pair[a, 3]) <= 0.0:
                leaf[t] = False
    last = np.empty(count, np.int64)
    t = 0
    while t < count:
        last[t] = t + 1
        k = ptr[t + 1] - ptr[t]
        while leaf[t] and last[t] < count and leaf[last[t]] and ptr[last[t] + 1] - ptr[last[t]] == k:
            same = True
            for a in range(k):
                same = same and sep[ptr[t] + a] == sep[ptr[last[t]] + a]
            if not same:
                break
            last[last[t]] = last[t]
            last[t] += 1
        t = last[t]
    top = -np.ones(count, np.int64)
    offset = np.zeros(count + 1, np.int64)
    lookup = np.zeros(count + 1, np.int64)
    child_ptr = np.zeros(count + 1, np.int64)
    slot = np.zeros(slots, np.int64)
    low_bits = np.zeros(count, np.int64)
    for t in range(count):
        k = ptr[t + 1] - ptr[t]
        offset[t + 1] = offset[t]
        lookup[t + 1] = lookup[t]
        if last[t] == t:
            continue
        offset[t + 1] += 1 << k
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
            if top[t] < BLOCK:
                low_bits[t] += 1
        run = min(top[t] + 1, BLOCK)
        lookup[t + 1] += (1 << run) + (1 << (top[t] + 1 - run))
    for t in range(count):
        child_ptr[t + 1] += child_ptr[t]
    child = np.empty(child_ptr[count], np.int64)
    placed = child_ptr[:-1].copy()
    index = np.zeros(lookup[count], np.int32)
    for t in range(count):
        if ptr[t] == ptr[t + 1] or last[t] == t:
            continue
        parent = at[sep[ptr[t + 1] - 1]]
        c = placed[parent] - 1
        while c >= child_ptr[parent] and top[child[c]] > top[t]:
            child[c + 1] = child[c]
            c -= 1
        child[c + 1] = t
        placed[parent] += 1
        a = ptr[t]
        base = lookup[t]
        run = min(top[t] + 1, BLOCK)
        for part in range(2):
            reach = 1
            stride = 1
            for bit in range(run if part else 0, top[t] + 1 if part else run):
                add = 0
                if slot[a] == bit:
                    add = stride
                    stride *= 2
                    a += 1
                for s in range(reach):
                    index[base + reach + s] = index[base + s] + add
                reach *= 2
            base += reach
    return pair, paired, last, child_ptr, child, top, offset, lookup, low_bits, index


@_compiled("void(i8,i8[::1],i8[::1],i8[::1],i8[::1],i4[::1],f8[::1],f8[:,::1])")
def _widen(
    kid: int, top: I8, offset: I8, lookup: I8, low_bits: I8, index: npt.NDArray[np.int32], message: F8, wide: F8
) -> None:
    """Write a message with its low bits repeated to whole runs: `wide[half, high part * run + entry of the run]`."""
    run = 1 << min(top[kid] + 1, BLOCK)
    half = (offset[kid + 1] - offset[kid]) // 2
    low = low_bits[kid]
    at = offset[kid]
    if run == 1 << low:
        wide[0, :half] = message[at : at + half]
        wide[1, :half] = message[at + half : at + 2 * half]
        return
    where = lookup[kid]
    for high in range(half >> low):
        for s in range(run):
            entry = at + (high << low) + index[where + s]
            wide[0, high * run + s] = message[entry]
            wide[1, high * run + s] = message[entry + half]


@_inlined
def _multiply(values: F8, factors: F8) -> None:
    """Slices of their own let the compiler multiply several at a time."""
    for s in range(values.shape[0]):
        values[s] *= factors[s]


@_inlined
def _grow(values: F8, above: F8, below: float, beyond: float) -> None:
    """Double a table by one bit: `above` becomes the half where it is on."""
    for s in range(values.shape[0]):
        above[s] = values[s] * beyond
        values[s] *= below


@_inlined
def _fold(values: F8, above: F8, below: float, beyond: float) -> None:
    """The way back of `_grow`."""
    for s in range(values.shape[0]):
        values[s] = values[s] * below + above[s] * beyond


@_inlined
def _hear(heard: F8, outside: F8, before: F8) -> None:
    for s in range(heard.shape[0]):
        heard[s] += outside[s] * before[s]


@_compiled("void(i8,i8,i8[::1],i8[::1],i4[::1],f8[:,::1],f8[::1],f8[::1])")
def _times(size: int, kid: int, top: I8, lookup: I8, index: npt.NDArray[np.int32], wide: F8, zero: F8, one: F8) -> None:
    """Multiply both halves of a table by a widened message."""
    run = 1 << min(top[kid] + 1, BLOCK)
    where = lookup[kid] + run
    for block in range(size // run):
        at = block * run
        high = index[where + block] * run
        _multiply(zero[at : at + run], wide[0, high : high + run])
        _multiply(one[at : at + run], wide[1, high : high + run])


@_compiled(
    "i8(i8,i8,i8[::1],f8[:,::1],b1[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i4[::1],"
    "f8[:,::1],f8[::1],f8[:,::1],f8[:,::1],f8[:,::1],b1)"
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
    low_bits: I8,
    index: npt.NDArray[np.int32],
    unary: F8,
    message: F8,
    work: F8,
    wide: F8,
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
                _grow(zero[:size], zero[size : 2 * size], pair[a, 0], pair[a, 1])
                _grow(one[:size], one[size : 2 * size], pair[a, 2], pair[a, 3])
            else:
                zero[size : 2 * size] = zero[:size]
                one[size : 2 * size] = one[:size]
            size *= 2
        while c < child_ptr[t + 1] and top[child[c]] == bit:
            kid = child[c]
            if saving:
                saved[0, used : used + size] = zero[:size]
                saved[1, used : used + size] = one[:size]
                used += size
            _widen(kid, top, offset, lookup, low_bits, index, message, wide)
            _times(size, kid, top, lookup, index, wide, zero, one)
            c += 1
    return used


@_compiled("void(i8,i8,i8[::1],f8[:,::1],f8[:,::1],f8[:,::1])")
def _alone(t: int, v: int, ptr: I8, pair: F8, unary: F8, work: F8) -> None:
    """The table of a cluster without children: halves v = 0 and v = 1 over its separator."""
    zero = work[0]
    one = work[1]
    zero[0] = unary[v, 0]
    one[0] = unary[v, 1]
    size = 1
    for a in range(ptr[t], ptr[t + 1]):
        p00, p01, p10, p11 = pair[a, 0], pair[a, 1], pair[a, 2], pair[a, 3]
        for s in range(size):
            zero[size + s] = zero[s] * p01
            zero[s] *= p00
            one[size + s] = one[s] * p11
            one[s] *= p10
        size *= 2


@_summed("f8(f8[::1])")
def _size(values: F8) -> float:
    """Mean absolute entry."""
    total = 0.0
    for s in range(values.shape[0]):
        total += abs(values[s])
    return total / len(values)


@_compiled("void(f8[::1])")
def _scale(values: F8) -> None:
    """Divide by the mean absolute entry, unless all are 0."""
    size = _size(values)
    if size > 0.0:
        scale = 1.0 / size
        for s in range(values.shape[0]):
            values[s] *= scale


@_summed("UniTuple(f8,2)(f8[::1],f8[::1],f8[::1])")
def _sums(zero: F8, one: F8, outside: F8) -> tuple[float, float]:
    """Sum, and sum of squares, of both halves of a table times what lies outside it."""
    net = 0.0
    squares = 0.0
    for s in range(outside.shape[0]):
        off = zero[s] * outside[s]
        on = one[s] * outside[s]
        net += off + on
        squares += off * off + on * on
    return net, squares


@_compiled(
    "f8(i8[::1],i8[::1],f8[:,::1],b1[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i4[::1],"
    "f8[:,::1],f8[:,::1])"
)
def sweep(
    order: I8,
    ptr: I8,
    pair: F8,
    paired: B1,
    last: I8,
    child_ptr: I8,
    child: I8,
    top: I8,
    offset: I8,
    lookup: I8,
    low_bits: I8,
    index: npt.NDArray[np.int32],
    unary: F8,
    marginal: F8,
) -> float:
    """Exact (signed) marginals of every variable: sums up the tree, then derivatives down the same way.

    The way down is reverse-mode differentiation of the way up. A class of twins sends one message, the product of
    theirs; their tables are positive, so on the way down each may be divided out again; nothing else is ever divided.
    Tables are scaled by their mean absolute entry. Returns the largest cancellation seen: over all clusters, the
    root of the sum of squared entries over the absolute sum. Entries carry rounding of their own, which adds up like
    a random walk, so the rounding of the answer is a small multiple of that times the precision of a float.
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
    reach = (1 << widest) + (1 << BLOCK)
    work = np.empty((2, reach))
    back = np.empty((2, reach))
    wide = np.empty((2, reach))
    heard = np.empty((2, reach))
    saved = np.empty((2, most + (1 << widest)))
    for t in range(count):
        if last[t] == t:
            continue
        out = message[offset[t] : offset[t + 1]]
        if last[t] > t + 1:
            out[:] = 1.0
            for twin in range(t, last[t]):
                _alone(twin, order[twin], ptr, pair, unary, work)
                for s in range(out.shape[0]):
                    out[s] *= work[0, s] + work[1, s]
        else:
            _fill(
                t, order[t], ptr, pair, paired, child_ptr, child, top, offset, lookup, low_bits, index,
                unary, message, work, wide, saved, False,
            )  # fmt: skip
            out[:] = work[0, : out.shape[0]] + work[1, : out.shape[0]]
        _scale(out)
    cancellation = 1.0
    for t in range(count - 1, -1, -1):
        v = order[t]
        if last[t] == t:
            continue
        if last[t] > t + 1:
            net = 0.0
            squares = 0.0
            for s in range(offset[t], offset[t + 1]):
                adjoint[s] *= message[s]
                net += adjoint[s]
                squares += adjoint[s] * adjoint[s]
            cancellation = max(cancellation, math.sqrt(squares) / max(abs(net), 1e-300))
            for twin in range(t, last[t]):
                v = order[twin]
                _alone(twin, v, ptr, pair, unary, work)
                off = 0.0
                on = 0.0
                for s in range(offset[t + 1] - offset[t]):
                    share = adjoint[offset[t] + s] / (work[0, s] + work[1, s])
                    off += share * work[0, s]
                    on += share * work[1, s]
                marginal[v, 0] = off / (off + on)
                marginal[v, 1] = on / (off + on)
            continue
        used = _fill(
            t, v, ptr, pair, paired, child_ptr, child, top, offset, lookup, low_bits, index,
            unary, message, work, wide, saved, True,
        )  # fmt: skip
        k = ptr[t + 1] - ptr[t]
        size = 1 << k
        zero = back[0]
        one = back[1]
        if k == 0:
            adjoint[offset[t]] = 1.0
        outside = adjoint[offset[t] : offset[t + 1]]
        zero[:size] = outside
        one[:size] = outside
        net, squares = _sums(work[0, :size], work[1, :size], outside)
        cancellation = max(cancellation, math.sqrt(squares) / max(abs(net), 1e-300))
        c = child_ptr[t + 1] - 1
        for bit in range(k - 1, -2, -1):
            while c >= child_ptr[t] and top[child[c]] == bit:
                kid = child[c]
                used -= size
                _widen(kid, top, offset, lookup, low_bits, index, message, wide)
                run = 1 << min(top[kid] + 1, BLOCK)
                where = lookup[kid] + run
                half = (offset[kid + 1] - offset[kid]) // 2
                low = low_bits[kid]
                for s in range((half >> low) * run):
                    heard[0, s] = 0.0
                    heard[1, s] = 0.0
                for block in range(size // run):
                    at = block * run
                    high = index[where + block] * run
                    here = used + at
                    _hear(heard[0, high : high + run], zero[at : at + run], saved[0, here : here + run])
                    _hear(heard[1, high : high + run], one[at : at + run], saved[1, here : here + run])
                    _multiply(zero[at : at + run], wide[0, high : high + run])
                    _multiply(one[at : at + run], wide[1, high : high + run])
                out = adjoint[offset[kid] : offset[kid + 1]]
                if run == 1 << low:
                    out[:half] = heard[0, :half]
                    out[half:] = heard[1, :half]
                else:
                    out[:] = 0.0
                    for high in range(half >> low):
                        for s in range(run):
                            entry = (high << low) + index[where - run + s]
                            out[entry] += heard[0, high * run + s]
                            out[half + entry] += heard[1, high * run + s]
                _scale(out)
                c -= 1
            if bit >= 0:
                size //= 2
                a = ptr[t] + bit
                _fold(zero[:size], zero[size : 2 * size], pair[a, 0], pair[a, 1])
                _fold(one[:size], one[size : 2 * size], pair[a, 2], pair[a, 3])
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
