"""Equilibria and what they bring about as conditions on signs of polynomials of the parameters.

Two players: every pair of vertices of the best-reply polyhedra in which all that is played is a best reply (Mangasarian
1964), pure or mixed.  More players: pure play.  An outcome holds where some equilibrium plays it with probability
1/2 or more, which is the sign of a polynomial too.  Ties that hold at every parameter are the zero polynomial and
ask for nothing, so that degenerate games are right as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders.factoring import Algebra, Product, flint_module
from sim.borders.vertices import Vertex, vertices
from sim.polynomials import Atom, Case, Coefficient, table_of

__all__ = [
    "MIXED",
    "PURE_ONLY",
    "Clause",
    "Condition",
    "Function",
    "Margins",
    "Meaning",
    "NoMarginsError",
    "conditions_of",
    "conditions_written",
    "functions_of",
    "needed",
]

PURE_ONLY = '--equilibria pure; in a sweep equilibria = "pure"; in a promise a solver of pure equilibria'
"""How pure equilibria are asked for."""
MIXED = -1  # the bit of a label that says that somebody mixes
MOST_ACTIONS = 12  # of two players together; 5 x 7 has 800 vertices
MOST_JOINT_ACTIONS = 4096
MOST_FUNCTIONS = 16

Condition = Product
"""Holds where the sign is not negative."""


class NoMarginsError(ValueError):
    """The answer is not told by signs of polynomials, or by too many; says why."""


class Clause(NamedTuple):
    """Where all conditions and facts hold, the outcome does (by number; ``MIXED``: somebody mixes).

    Numbers behind those of outcomes are facts, each of which holds where some clause of it does, and rests on facts of
    smaller numbers only: what the moves of a tree have in common is written once.
    """

    conditions: frozenset[Condition]
    outcome: int
    facts: frozenset[int] = frozenset()


class Function(NamedTuple):
    """A variable that is ``exp``, ``log``, ``sqrt``, ``**`` or ``inverse`` of polynomials of variables before it.

    ``arguments`` are tables of coefficients by the exponents of all variables.
    """

    operation: str
    arguments: tuple[Mapping[tuple[int, ...], Coefficient], ...]


class Meaning(NamedTuple):
    """What is known of a place: outcomes that hold, others that may, and whether somebody mixes."""

    outcomes: tuple[str, ...]
    perhaps: tuple[str, ...]
    mixed: bool


@dataclass(frozen=True, eq=False)
class Margins:
    """What decides a label, the set of outcomes that hold: some clause of each of them.

    ``factors``, each in some clause, are irreducible polynomials of ``variables`` with whole coefficients, as tables of
    exponents.  ``touching`` are others, whose signs change nothing, but where one is 0 something more may hold than on
    both sides: conditions that only hold where both signs of it do, or that have it to an even power.
    The last of the ``variables`` are ``functions`` of the others, inner ones first.
    Where they are ``doubted``, the second half of ``outcomes`` says which of the first may hold: one that holds is shown
    to, one that may not does not, and signs do not tell of others (:meth:`told`).
    """

    variables: tuple[str, ...]
    factors: tuple[Mapping[tuple[int, ...], int], ...]
    clauses: tuple[Clause, ...]
    outcomes: tuple[str, ...]
    touching: tuple[Mapping[tuple[int, ...], int], ...] = ()
    functions: tuple[Function, ...] = ()
    doubted: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """The outcomes alone, without what may hold."""
        return self.outcomes[: len(self.outcomes) // (1 + self.doubted)]

    def told(self, bits: Sequence[bool]) -> Meaning:
        """What a label says: bits of outcomes that hold, and in the end whether somebody mixes."""
        names = self.named
        may = bits[len(names) : -1] if self.doubted else bits
        each = list(zip(names, bits, may, strict=False))
        held = tuple(name for name, holds, _ in each if holds)
        return Meaning(held, tuple(name for name, holds, can in each if can and not holds), bool(bits[-1]))

    @cached_property
    def free(self) -> tuple[str, ...]:
        """The variables that are no functions of others."""
        return self.variables[: len(self.variables) - len(self.functions)]

    @cached_property
    def polynomials(self) -> list[Any]:
        """The factors as polynomials of FLINT."""
        context = flint_module().fmpq_mpoly_ctx.get(self.variables, "lex")
        return [context.from_dict(dict(terms)) for terms in self.factors]

    def product(self, condition: Condition) -> Any:
        """The polynomial of FLINT whose sign a condition is."""
        return prod((self.polynomials[number] for number in sorted(condition.odd)), start=condition.sign)

    def ways(self, most: int) -> list[tuple[int, frozenset[Condition]]]:
        """Each way in which an outcome may hold: its number, and conditions that rest on nothing else.

        Raises NoMarginsError where there are more than ``most`` for one of them.
        """
        each: dict[int, list[frozenset[Condition]]] = {}
        # facts first, those that rest on others behind them
        for clause in sorted(self.clauses, key=lambda one: (one.outcome < len(self.outcomes), one.outcome)):
            found = [clause.conditions]
            for fact in sorted(clause.facts):
                found = [one | other for one in found for other in each.get(fact, ())]
                found = [one for one in set(found) if not any(Product(-c.sign, c.odd) in one for c in one)]
                if len(found) > most:
                    break
            own = each.setdefault(clause.outcome, [])
            own.extend(found)
            if len(own) > most:
                raise NoMarginsError(f"an outcome comes about in more than {most} ways")
        return [
            (outcome, one)
            for outcome, own in each.items()
            if 0 <= outcome < len(self.outcomes)
            for one in own
        ]

    @cached_property
    def used(self) -> frozenset[int]:
        """Variables that some factor depends on, by number."""
        return frozenset(
            place
            for terms in self.factors
            for exponents in terms
            for place, exponent in enumerate(exponents)
            if exponent
        )


def conditions_of(
    given: Iterable[Case],
    variables: Sequence[str],
    outcomes: tuple[str, ...],
    of: NDArray[np.int64],
    *,
    mixed: bool = True,
) -> Margins:
    """The conditions of a game whose payoffs are polynomials in ``variables``, case by case.

    ``of (A1, .., An)`` gives the number of each joint action's outcome.  With ``mixed``, of two players all equilibria
    count, else pure ones.  Raises NoMarginsError where there would be too many.
    """

    def write(table: NDArray[Any], algebra: Algebra) -> Iterator[Clause]:
        clauses = mixed_clauses if mixed and len(table) == 2 else pure_clauses
        return clauses(table, algebra, of)

    return conditions_written(given, variables, outcomes, write)


def conditions_written(
    given: Iterable[Case],
    variables: Sequence[str],
    outcomes: tuple[str, ...],
    write: Callable[[NDArray[Any], Algebra], Iterable[Clause]],
) -> Margins:
    """The conditions that ``write`` makes of the polynomials of each case.

    Raises NoMarginsError where there would be too many.
    """
    every = list(given)
    atoms = {name: atom for case in every for name, atom in in_order(case.functions).items()}
    variables = (*variables, *atoms)
    if len(atoms) > MOST_FUNCTIONS:
        raise NoMarginsError(
            f"the payoffs have {len(atoms)} functions of parameters; more than {MOST_FUNCTIONS} are too many"
        )
    algebra = Algebra(variables)
    clauses: list[Clause] = []
    facts = 0  # of the cases before
    for case in every:
        guards = frozenset(algebra.product(algebra.polynomial(guard)) for guard in case.guards)
        table = np.empty(case.payoffs.shape, object)
        for place in np.ndindex(table.shape):
            table[place] = algebra.polynomial(case.payoffs[place])  # type: ignore[arg-type]
        found = [shifted(clause, len(outcomes), facts) for clause in write(table, algebra)]
        facts = max([facts, *(clause.outcome + 1 - len(outcomes) for clause in found)])
        clauses.extend(
            clause._replace(conditions=clause.conditions | guards)
            if clause.outcome < len(outcomes)
            else clause
            for clause in found
        )
    margins = renumbered(variables, tuple(tables(algebra)), needed(clauses, len(outcomes)), outcomes)
    return replace(margins, functions=functions_of(atoms, variables))


def shifted(clause: Clause, outcomes: int, by: int) -> Clause:
    """A clause whose facts have numbers that are larger."""
    outcome = clause.outcome + by if clause.outcome >= outcomes else clause.outcome
    return Clause(clause.conditions, outcome, frozenset(fact + by for fact in clause.facts))


def in_order(functions: Mapping[str, Atom]) -> dict[str, Atom]:
    """Functions by name, those that others are made of first."""
    found: dict[str, Atom] = {}
    ahead = dict(functions)
    while ahead:
        for name, atom in list(ahead.items()):
            if not any(one.variables & ahead.keys() for one in atom.arguments):
                found[name] = ahead.pop(name)
    return found


def functions_of(atoms: Mapping[str, Atom], variables: Sequence[str]) -> tuple[Function, ...]:
    """Functions of polynomials as functions of ``variables``, by number."""
    return tuple(
        Function(atom.operation, tuple(table_of(one, variables) for one in atom.arguments))
        for atom in atoms.values()
    )


def renumbered(
    variables: tuple[str, ...],
    factors: tuple[Mapping[tuple[int, ...], int], ...],
    clauses: tuple[Clause, ...],
    outcomes: tuple[str, ...],
) -> Margins:
    """The conditions with the factors that some clause needs, and those that none does set apart."""
    used = sorted({number for clause in clauses for one in clause.conditions for number in one.odd})
    place = {number: position for position, number in enumerate(used)}
    new = {
        one: Product(one.sign, frozenset(place[number] for number in one.odd))
        for clause in clauses
        for one in clause.conditions
    }
    return Margins(
        variables,
        tuple(factors[number] for number in used),
        tuple(
            clause._replace(conditions=frozenset(new[one] for one in clause.conditions)) for clause in clauses
        ),
        outcomes,
        tuple(factor for number, factor in enumerate(factors) if number not in place),
    )


def mixed_clauses(table: NDArray[Any], algebra: Algebra, of: NDArray[np.int64]) -> Iterator[Clause]:
    """All extreme equilibria of two players."""
    if sum(table.shape[1:]) > MOST_ACTIONS:
        raise NoMarginsError(
            f"{table.shape[1]} x {table.shape[2]} actions have too many supports to be written out as polynomials: "
            "ask for pure equilibria only"
        )
    rows = list(vertices(table[1], algebra, table.shape[2]))
    columns = list(vertices(table[0].T, algebra, table.shape[1]))
    for x, y in product(rows, columns):
        if set(x.support) <= y.tight and set(y.support) <= x.tight:
            conditions = x.conditions | y.conditions
            yield from outcome_clauses(x, y, conditions, algebra, of)
            if len(x.support) + len(y.support) > 2:
                yield Clause(conditions, MIXED)


def outcome_clauses(
    x: Vertex, y: Vertex, conditions: frozenset[Condition], algebra: Algebra, of: NDArray[np.int64]
) -> Iterator[Clause]:
    """When an equilibrium plays each outcome with probability 1/2 or more."""
    here = of[np.ix_(x.support, y.support)]
    whole = sum(x.weights) * sum(y.weights)
    sign = x.orientation.times(y.orientation)
    for outcome in np.unique(here).tolist():
        if (here == outcome).all():
            yield Clause(conditions, outcome)
            continue
        share = sum(x.weights[i] * y.weights[j] for i, j in np.argwhere(here == outcome))
        twice = algebra.product(2 * share - whole)
        yield Clause(conditions | {twice.times(sign)} if twice.sign else conditions, outcome)


def pure_clauses(table: NDArray[Any], algebra: Algebra, of: NDArray[np.int64]) -> Iterator[Clause]:
    """Pure equilibria of any number of players."""
    if of.size > MOST_JOINT_ACTIONS:
        raise NoMarginsError(
            f"{of.size} joint actions are too many to be written out; {MOST_JOINT_ACTIONS} are not"
        )
    for joint in np.ndindex(of.shape):
        conditions = set()
        for player, action in enumerate(joint):
            for other in range(of.shape[player]):
                if other != action:
                    instead = (*joint[:player], other, *joint[player + 1 :])
                    gain = algebra.product(table[(player, *joint)] - table[(player, *instead)])
                    if gain.sign:
                        conditions.add(gain)
        yield Clause(frozenset(conditions), int(of[joint]))


def needed(found: Iterable[Clause], outcomes: int) -> tuple[Clause, ...]:
    """Clauses that can hold and that no weaker one makes needless, those of facts only where some outcome rests on them."""
    by_outcome: dict[int, list[Clause]] = {}
    for clause in found:
        conditions = frozenset(one for one in clause.conditions if one.odd or one.sign < 0)
        if any(Product(-one.sign, one.odd) in conditions for one in conditions):
            continue  # a sign and its opposite; so is a negative number
        if any(one.sign < 0 and not one.odd for one in conditions):
            continue
        by_outcome.setdefault(clause.outcome, []).append(clause._replace(conditions=conditions))
    result: list[Clause] = []
    wanted: set[int] = set()
    # outcomes first, then facts, those that others rest on last
    for outcome in sorted(by_outcome, key=lambda one: (one >= outcomes, -one)):
        if outcome < outcomes or outcome in wanted:
            kept = weakest(by_outcome[outcome])
            wanted.update(*(clause.facts for clause in kept))
            result.extend(kept)
    return tuple(sorted(result, key=lambda one: one.outcome))


def weakest(found: Iterable[Clause]) -> list[Clause]:
    """The clauses of one outcome, without those that hold only where another does."""
    kept: list[Clause] = []
    for clause in sorted(
        set(found), key=lambda one: (len(one.conditions), sorted(map(repr, one.conditions)))
    ):
        if not any(
            weaker.conditions <= clause.conditions and weaker.facts <= clause.facts for weaker in kept
        ):
            kept.append(clause)
    return kept


def tables(algebra: Algebra) -> Iterator[Mapping[tuple[int, ...], int]]:
    """The factors as tables of exponents and whole coefficients."""
    for factor in algebra.factors:
        yield {
            tuple(map(int, exponents)): int(coefficient.numerator)
            for exponents, coefficient in factor.to_dict().items()
        }
