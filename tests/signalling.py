"""Signalling games as trees, drawn and published, and all their equilibria by another way: the strategic form."""

from __future__ import annotations

import warnings
from itertools import combinations, product

import nashpy
import numpy as np
from scipy.optimize import linprog

import sim

NEAR = 1e-7


def as_tree(prior, sender, receiver, chance_of_receiver=None):
    """A tree of the arrays ``(C, T), (C, T, M, Q, R) twice, (C, T, Q)``: types t0.., signals m0.., replies r0.."""
    _, types, signals, receivers, replies = sender.shape
    met = np.ones((1, types, receivers)) if chance_of_receiver is None else chance_of_receiver

    def end(t, m, q, r):
        return (sender[:, t, m, q, r], receiver[:, t, m, q, r])

    def answer(t, m, q):
        return {f"Receiver@k{q}, m{m}": {f"r{r}": end(t, m, q, r) for r in range(replies)}}

    def send(t, q):
        return {f"Sender@t{t}": {f"m{m}": answer(t, m, q) for m in range(signals)}}

    def meet(t):
        return {"chance": {f"k{q}": (met[:, t, q], send(t, q)) for q in range(receivers)}}

    return sim.Tree({"chance": {f"t{t}": (prior[:, t], meet(t)) for t in range(types)}})


def drawn(seed, cells, shape=(2, 2, 1, 2), whole=None):
    """Priors ``(C, T)`` and payoffs ``(C, T, M, Q, R)`` of both with three decimals, or whole numbers below ``whole``."""
    draw = np.random.default_rng(seed)
    prior = draw.dirichlet(np.ones(shape[0]), cells)
    if whole is not None:
        prior = draw.integers(1, 4, (cells, shape[0])).astype(float)
        prior /= prior.sum(axis=1, keepdims=True)
        return prior, *(draw.integers(0, whole, (2, cells, *shape)).astype(float))
    return prior, *draw.random((2, cells, *shape)).round(3)


def on_path(solution, signals=2, replies=2, types=2):
    """What is played where play leads in each equilibrium of each cell: plans, and replies to signals that are sent.

    Of trees that :func:`as_tree` makes for one type of receiver.
    """
    senders = [
        next(h for h, a in enumerate(solution.game.agents) if a.label == f"Sender@t{t}") for t in range(types)
    ]
    places = {a.label: h for h, a in enumerate(solution.game.agents)}
    found = []
    for strategies in solution.strategy:
        cell = []
        for play in strategies[~np.isnan(strategies[:, 0, 0])]:
            plan = play[senders, :signals]
            reply = np.full((signals, replies), -1.0)
            for m in np.flatnonzero(plan.sum(axis=0) > NEAR):
                reply[m] = play[places[f"Receiver@k0, m{m}"], :replies]
            cell.append(np.concatenate([plan.ravel(), reply.ravel()]))
        found.append(cell)
    return found


def strategic(prior, sender, receiver):
    """Plans of the sender, plans of the receiver, and both payoffs of each pair; ``(T,), (T, M, R)`` of one cell."""
    types, signals, replies = sender.shape
    sends = list(product(range(signals), repeat=types))
    answers = list(product(range(replies), repeat=signals))
    rows = range(types)
    payoffs = np.array([
        [
            [sum(prior[t] * table[t, plan[t], answer[plan[t]]] for t in rows) for answer in answers]
            for plan in sends
        ]
        for table in (sender, receiver)
    ])  # fmt: skip
    return sends, answers, payoffs


def deterred(sender, receiver, m, value):
    """Whether some belief and some best reply to it give no type more than its value: two linear programmes a set."""
    types, _, replies = sender.shape
    for size in range(1, replies + 1):
        for chosen in map(list, combinations(range(replies), size)):
            mixed = linprog(
                np.zeros(size), sender[:, m][:, chosen], value + NEAR / 10, np.ones((1, size)), [1.0]
            )
            lead = receiver[:, m] - receiver[:, m, chosen[:1]]
            equal = np.vstack([np.ones(types), lead[:, chosen[1:]].T])
            believed = linprog(
                np.zeros(types), lead.T, np.full(replies, NEAR / 10), equal, np.eye(len(equal))[0]
            )
            if mixed.status == 0 and believed.status == 0:
                return True
    return False


def best_replies(prior, sender, receiver, plan, reply):
    """Whether types and observers reply best to what is used, each by himself.

    What a type of one in a million gains is lost in the rounding of the strategic form, where it weighs a millionth.
    """
    used = plan.sum(axis=0) > NEAR
    worth = np.einsum("tmr,mr->tm", sender, reply)
    likely = prior[:, np.newaxis] * plan
    gets = np.einsum("tm,tmr->mr", likely, receiver)[used] / likely.sum(axis=0)[used, np.newaxis]
    lost = gets.max(axis=1, keepdims=True) - gets
    behind = worth[:, used].max(axis=1, keepdims=True) - worth
    return not ((behind > NEAR) & (plan > NEAR)).any() and not ((lost > NEAR) & (reply[used] > NEAR)).any()


def by_strategic_form(prior, sender, receiver):
    """All Nash equilibria that some beliefs support, on the path as :func:`on_path` has it, of one cell."""
    types, signals, replies = sender.shape
    sends, answers, payoffs = strategic(prior, sender, receiver)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        equilibria = list(nashpy.Game(*payoffs).vertex_enumeration())
    found = []
    for x, y in equilibria:
        plan, reply = np.zeros((types, signals)), np.zeros((signals, replies))
        for weight, sent in zip(x, sends, strict=True):
            plan[np.arange(types), sent] += weight
        for weight, answer in zip(y, answers, strict=True):
            reply[np.arange(signals), answer] += weight
        used = plan.sum(axis=0) > NEAR
        value = np.einsum("tmr,mr->tm", sender, reply)[:, used].max(axis=1)
        if not best_replies(prior, sender, receiver, plan, reply):
            continue
        if all(deterred(sender, receiver, m, value) for m in np.flatnonzero(~used)):
            play = np.concatenate([plan.ravel(), np.where(used[:, np.newaxis], reply, -1.0).ravel()])
            if not any(np.abs(play - other).max() < 1e-5 for other in found):
                found.append(play)
    return found


def same(first, second):
    """Whether two lists of plays are one set."""

    def within(some, others):
        return all(any(np.abs(one - other).max() < 1e-5 for other in others) for one in some)

    return within(first, second) and within(second, first)


def beer_quiche(wimp):
    """Cho and Kreps (1987): whoever is surly prefers beer, and a wimp quiche; a duel is fought with wimps only."""
    return sim.Tree({
        "chance": {
            "wimp": (wimp, {"Sender@wimp": {
                "beer": {"Receiver@beer": {"duel": (0, 1), "not": (2, 0)}},
                "quiche": {"Receiver@quiche": {"duel": (1, 1), "not": (3, 0)}},
            }}),
            "surly": (1 - np.asarray(wimp), {"Sender@surly": {
                "beer": {"Receiver@beer": {"duel": (1, 0), "not": (3, 1)}},
                "quiche": {"Receiver@quiche": {"duel": (0, 0), "not": (2, 1)}},
            }}),
        }
    })  # fmt: skip


def published(case):
    """The tree of a case in ``tests/cases/signalling.json``, its ends named by their outcomes."""
    players = case["tree"]["players"]

    def read(node):
        if "chance" in node:
            return {"chance": {name: (share, read(after)) for name, (share, after) in node["chance"].items()}}
        if "moves" in node:
            who = f"{players[node['player']]}@{node['infoset']}"
            return {who: {name: read(after) for name, after in node["moves"].items()}}
        return (*([node["label"]] if "label" in node else []), *node["payoffs"])

    return sim.Tree(read(case["tree"]["root"]), players)
