"""Reasons are never wrong: known games word by word, and every sentence on drawn games of every form read back."""

from __future__ import annotations

import importlib
import json
import re

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.cli import main
from sim.explain import reasons
from sim.explain.sentences import whys
from sim.kernels.base.tolerances import CERTIFIED
from tests.draw import repeated_games
from tests.drawers import DRAWERS
from tests.explain import oracle, reading
from tests.explain.reading import N, near, number


def said(name, concept=None, **parameters):
    game = sim.load(f"scenarios/{name}.toml").game(**parameters)
    return [
        sentence
        for one in whys(reasons(sim.solve(game, concept or game.usual_concept)))
        for sentence in (one.title, *one.sentences)
    ]


FROZEN = """\
#1: frozen standoff
Russia plays build_up. If NATO plays reinforce, that gives Russia -0.7; the next best, demand, would give -1.5, which is 0.8 less.
NATO plays reinforce. If Russia plays build_up, that gives NATO -1.7; the next best, reinforce_and_talk, would give -1.95, which is 0.25 less.
It is a trap: with demand, talk ("talks, demand standing") all would be better off (Russia 1, NATO 0.75). It does not last: Russia would switch to build_up and gain 0.8.
Why nothing else holds
"reinforcement and talks under the rifle" (build_up, reinforce_and_talk): NATO would switch to reinforce and gain 0.25.
"talks, demand standing" (demand, talk): Russia would switch to build_up and gain 0.8.
"no rifle, no talks" (demand, refuse): NATO would switch to talk and gain 0.75.
"reinforcement without a rifle" (demand, reinforce_and_talk): NATO would switch to talk and gain 0.8.
"talks under the rifle" (build_up, talk): NATO would switch to reinforce and gain 1.05.
"talks, demand dropped" (withdraw, talk): Russia would switch to build_up and gain 1.6.
"legal guarantee" (demand, concede): NATO would switch to talk and gain 15.75.
"""


def test_the_frozen_standoff():
    assert said("standoff_2021") == FROZEN.replace(" -", " \N{MINUS SIGN}").splitlines()


def test_a_dilemma_is_a_trap():
    told = said("prisoners_dilemma")
    assert (
        'It is a trap: with keep, keep ("treaty kept") all would be better off (East 3, West 3). '
        "It does not last: East would switch to arm and gain 2."
    ) in told


def test_a_stag_hunt_is_a_failure_of_trust():
    told = said("stag_hunt")
    assert (
        'It is a failure of trust: with disarm, disarm ("disarmament") all would be better off (East 4, West 4). '
        "Nobody would leave that either, and expectations decide."
    ) in told
    assert not any("trap" in sentence for sentence in told)


def test_mixed_play_in_chicken():
    told = said("chicken")
    assert (
        "North mixes: give_way 66.7% and press_on 33.3%. If South mixes give_way 66.7% and press_on 33.3%, each of these "
        "gives North 4.667, so it does not mind. Its shares leave South without a preference among what South plays."
    ) in told


def test_a_tie_is_said():
    game = sim.NormalForm(
        np.array([[[[1.0, 0], [1, 0]], [[2, 0], [2, 1]]]]), ("A", "B"), (("u", "d"), ("l", "r"))
    )
    told = [s for one in whys(reasons(sim.solve(game))) for s in one.sentences]
    assert any(
        sentence.startswith("A plays u.") and "; d would give as much." in sentence for sentence in told
    )


def test_beliefs_of_beer_and_quiche():
    """Cho and Kreps (1987): whoever sees the breakfast that nobody takes must think it a weakling's."""
    told = said("beer_quiche")
    assert (
        "Play never comes to Bully after beer; there it would play fight. "
        "That is best for it there if it then believes wimp from 0.5 up."
    ) in told
    assert (
        "Bully after quiche, believing wimp 0.1 and surly 0.9, plays leave_alone. That gives Bully 0.9; the next best, "
        "fight, would give 0.1, which is 0.8 less."
    ) in told


def test_a_build_up_that_tells_something():
    told = said("build_up_signal_2021")
    assert any(
        sentence.startswith(
            "NATO after build_up, believing resolved 0.5 and bluffing 0.5, mixes: refuse 69.2%"
        )
        for sentence in told
    )


def test_states_are_said():
    told = said("arms_race")
    assert (
        "East when calm plays hold. If West plays hold, that gives East 3; the next best, arm, would give 2.92, "
        "which is 0.08 less."
    ) in told
    assert any(
        sentence.startswith("Play never comes to East when tense; there it would play hold.")
        for sentence in told
    )


def test_patience_holds_a_treaty():
    told = said("repeated_prisoners_dilemma")
    assert (
        "East plays keep throughout. If West plays keep, it has 3 a stage; arm would give 5 once, which is 2 more. But then "
        "1 a stage can follow, the worst known equilibrium for it: with weight 0.6 on what follows, leaving is worth 2.6, "
        "which is 0.4 less than 3."
    ) in told
    assert any(
        "would leave for arm: that gives 1 once, and even with the worst known equilibrium" in one
        for one in told
    )


def test_offers_are_explained():
    """Binmore, Shaked and Sutton (1989): an outside option that binds is what the other side leaves."""
    told = said("rubinstein_outside")
    assert "Second when it answers accepts 0.6 or more. To refuse is worth 0.6 to it." in told
    assert (
        "Second when it proposes keeps 0.64. To be refused would be worth 0.54 to Second, which is 0.1 less than 0.64."
    ) in told


@pytest.mark.parametrize(
    "concept", ["correlated", "quantal_response", "maxmin", "stackelberg", "rationalizable"]
)
def test_other_concepts_are_not_said_to_be_played(concept):
    told = said("chicken", concept)
    assert not any(re.search(r"\bplays?\b", sentence) for sentence in told if not sentence.startswith("#"))
    assert any("residual 0" in sentence for sentence in told) or "No play is claimed" in told


def test_of_quantal_response_it_is_said_who_could_gain():
    game = sim.load("scenarios/standoff_2021.toml").game()
    solution = sim.solve(game, "quantal_response")
    found = reasons(solution)
    leaves = found.equilibria[0].leaves
    assert leaves.gain == pytest.approx(reading.gains(game, solution.strategy[0, 0], oracle.normal)(0, 2))
    assert any("which this concept does not forbid" in s for one in whys(found) for s in one.sentences)


def answered(game):
    """The first cell with its answers."""
    solution = sim.solve(game.take([0]))
    return solution.game, solution


@pytest.mark.parametrize("form", reading.ORACLES)
@settings(max_examples=15)
@given(data=st.data())
def test_every_sentence_is_true(form, data):
    players = data.draw(st.integers(2, 3))
    game, solution = answered(
        data.draw(DRAWERS[form](players=players, most=3 if players == 2 else 2, cells=1))
    )
    found = reasons(solution)
    told = whys(found)
    of, scale = reading.ORACLES[form], game.scale[0]
    for why, paragraph in list(zip(found.equilibria, told, strict=False))[:4]:
        play = solution.strategy[0, why.number - 1]
        claimed = solution.claim.extra.get("belief")
        belief = None if claimed is None else claimed[0, why.number - 1]
        worth = of(game, play, belief)
        came = came_by(form, game, play)
        left = list(paragraph.sentences)
        if left[-1].startswith(("It is a trap", "It is a failure of trust")):
            check_better(left.pop(), why, game, play, of, solution.value[0, why.number - 1])
        told_of = [
            reading.check_chooser(one, game, play, worth, came, scale, thoughts(game, solution, why))
            for one in left
            if one != "Nobody has anything to choose."
        ]
        idle = [h for h, a in enumerate(game.agents) if len(a.actions) == 1 or game.immaterial[0, h]]
        assert sorted(told_of + idle) == list(range(len(game.agents)))
    if found.not_held:
        for one, sentence in zip(found.not_held[:20], told[-1].sentences, strict=False):
            check_not_held(sentence, one, game, solution, of, form)


def came_by(form, game, play):
    """Whether play comes to an agent, by the oracle."""
    if game.decisions:
        return lambda h: oracle.comes(game, h, play)
    if game.states:
        seen = oracle.comes_to_states(game, play)
        return lambda h: h % len(game.states) in seen
    return lambda _: True


def thoughts(game, solution, why):
    """Beliefs that an agent may have in a node, by the claim, and by Bayes' rule where none is claimed."""

    def of(h, word):
        shape, extra, k = game.shape, solution.claim.extra, why.number - 1
        members = [v for v in shape.members(h) if shape.hidden[shape.belief_of[v]] == word]
        assert len(members) == 1, word
        d = shape.belief_of[members[0]]
        if "belief" in extra:
            return [
                float(extra[name][0, k, d])
                for name in ("belief", "belief_low", "belief_high")
                if name in extra
            ]
        likely = [oracle.reach(game, v, solution.strategy[0, k]) for v in shape.members(h)]
        return [likely[shape.members(h).index(members[0])] / sum(likely)]

    return of


def changed(game, play, actions):
    """Play in which some agents, by label, do something else for certain."""
    play = play.copy()
    for h, agent in enumerate(game.agents):
        if agent.label in actions:
            play[h] = 0.0
            play[h, agent.actions.index(actions[agent.label])] = 1.0
    return play


def check_better(sentence, why, game, play, of, value):
    """All would be better off, and who would leave does gain, or nobody does."""
    play = changed(game, play, why.better.actions)
    gain = reading.gains(game, play, of)
    own = of(game, play)
    for i, player in enumerate(game.players):
        assert why.better.values[player] > value[i]
        if not game.decisions and not game.states:
            a = play[i].argmax()
            assert near(why.better.values[player], own[i][a], game.scale[0, i])
        told = re.search(rf"[(\s]{re.escape(player)} ({N})[,)]", sentence)
        assert near(number(told[1]), why.better.values[player], game.scale[0, i])
    came = came_by("", game, play)
    most = max(
        gain(h, a) / game.scale[0, agent.player]
        for h, agent in enumerate(game.agents)
        if came(h)
        for a in range(len(agent.actions))
    )
    if why.better.leaves is None:
        assert sentence.startswith("It is a failure of trust")
        assert most <= 2 * CERTIFIED
    else:
        assert sentence.startswith("It is a trap")
        reading.check_leaving(
            sentence.partition("It does not last: ")[2].rstrip("."), game, gain, game.scale[0]
        )
        h = reading.agent_called(game, f"{why.better.leaves.player} {why.better.leaves.when}".strip())
        assert near(why.better.leaves.gain / game.scale[0, game.agents[h].player], most, 1)


def check_not_held(sentence, one, game, solution, of, form):
    """No answer plays it for the better part, the way to it leads to it, and who would leave gains so much."""
    name = re.escape(one.outcome)
    place = game.outcomes.names.index(one.outcome)
    assert not (solution.outcomes[0, :, place] >= 0.5).any()
    play = changed(game, solution.strategy[0, 0], one.actions)
    if not one.comes:
        assert re.fullmatch(
            rf'"{name}": as play goes in #1, it never comes to where that could happen\.', sentence
        )
        return
    assert game.shares(play[np.newaxis])[0, place] > 0
    found = re.fullmatch(rf'"{name}" \((?:.*)\): (?P<leaving>.+)\.', sentence)
    gain = reading.gains(game, play, of)
    if one.leaves is None:
        assert found["leaving"] == "nobody would gain by leaving it alone"
        came = came_by(form, game, play)
        for h, agent in enumerate(game.agents):
            if came(h):
                assert all(
                    gain(h, a) <= 2 * CERTIFIED * game.scale[0, agent.player]
                    for a in range(len(agent.actions))
                )
    else:
        reading.check_leaving(found["leaving"], game, gain, game.scale[0])


@given(game=DRAWERS["normal"](players=2, most=3, cells=1))
def test_of_the_ways_to_an_outcome_the_one_least_left_is_told(game):
    game, solution = answered(game)
    for one in reasons(solution).not_held:
        place = game.outcomes.names.index(one.outcome)
        least = []
        for joint in np.argwhere(game.outcomes.of == place):
            play = np.zeros((2, game.mask.shape[1]))
            play[[0, 1], joint] = 1.0
            gain = reading.gains(game, play, oracle.normal)
            least.append(
                max(
                    gain(h, a) / game.scale[0, h]
                    for h, agent in enumerate(game.agents)
                    for a in range(len(agent.actions))
                )
            )
        assert one.leaves.gain / game.scale[0, game.players.index(one.leaves.player)] == pytest.approx(
            min(least)
        )


KEPT = re.compile(
    rf"(?P<who>player \d) plays (?P<action>\d) throughout\. (?:If .*?, |If the others do as said, )?it has (?P<gets>{N}) a stage; "
    rf"(?:(?P<tie>[\d, and]+) would give as much once\.|the next best, (?P<next>[\d, and]+), would give (?P<low>{N}) even once, "
    rf"which is (?P<less>{N}) less\.|(?P<tempting>[\d, and]+) would give (?P<once>{N}) once, which is (?P<more>{N}) more\. But "
    rf"then (?P<after>{N}) a stage can follow, the worst known equilibrium for it: with weight (?P<later>{N}) on what follows, "
    rf"leaving is worth (?P<leaving>{N}), (?:which is (?P<lost>{N}) less than (?P<stay>{N})|no more than staying)\.)",
    re.IGNORECASE,
)


@settings(max_examples=12)
@given(game=repeated_games(cells=1, signals=False, ends=False))
def test_every_sentence_about_patience_is_true(game):
    game, solution = answered(game)
    worst = np.fmin.reduce(solution.claim.extra["payoff_set"][0], axis=0)
    found = reasons(solution)
    for why, paragraph in zip(found.equilibria, whys(found), strict=False):
        play = solution.strategy[0, why.number - 1]
        worth = oracle.normal(game.stage, play)
        for sentence in paragraph.sentences:
            told = re.fullmatch(KEPT, sentence)
            if told is None:
                assert not sentence.startswith("player") or game.discount.min() == 0, sentence
                continue
            i = game.players.index(told["who"].replace("Player", "player"))
            scale, d = game.scale[0, i], game.discount[0, i]
            own = play[i].argmax()
            assert game.agents[i].actions[own] == told["action"]
            assert near(number(told["gets"]), worth[i][own], scale)
            best = max(v for a, v in enumerate(worth[i]) if a != own)
            if told["next"]:
                assert best < worth[i][own]
                assert near(number(told["low"]), best, scale)
                assert near(number(told["less"]), worth[i][own] - best, scale)
            elif told["tempting"]:
                leave = (1 - d) * best + d * worst[i]
                assert best > worth[i][own]
                assert near(number(told["once"]), best, scale)
                assert near(number(told["after"]), worst[i], scale)
                assert near(number(told["later"]), d, 1)
                assert near(number(told["leaving"]), leave, scale)
                assert leave <= worth[i][own] + 1e-8 * scale
                if told["lost"]:
                    assert near(number(told["lost"]), worth[i][own] - leave, scale)
            else:
                assert abs(best - worth[i][own]) <= 1e-8 * scale
    for one in found.not_held:
        if one.leaves is None or not one.leaves.later > 0:
            continue
        i = game.players.index(one.leaves.player)
        play = changed(game, solution.strategy[0, 0], one.actions)
        worth, d = oracle.normal(game.stage, play), game.discount[0, i]
        own = worth[i][play[i].argmax()]
        once = worth[i][game.agents[i].actions.index(one.leaves.to)]
        assert one.leaves.stays == pytest.approx(own)
        assert one.leaves.gain == pytest.approx((1 - d) * once + d * worst[i] - own, abs=1e-8)


@settings(max_examples=15)
@given(data=st.data())
def test_every_sentence_about_offers_is_true(data):
    game, solution = answered(data.draw(DRAWERS["bargaining"](players=data.draw(st.integers(2, 3)), cells=1)))
    found = reasons(solution)
    if not found.equilibria:
        assert whys(found)[0].title == "No play is claimed"
        return
    claimed = {name: array[0, 0] for name, array in solution.claim.extra.items()}
    told = game.told(solution.strategy[0, 0], claimed)
    for h, (chooser, sentence) in enumerate(
        zip(found.equilibria[0].choosers, whys(found)[0].sentences, strict=False)
    ):
        i, s, _ = game.roles[h]
        share = told[chooser.agent].get("offer", told[chooser.agent].get("accepts_from"))
        if np.isnan(share):
            assert "makes no offer that is accepted" in sentence
            continue
        verb = "keeps" if i == s else "accepts"
        assert near(number(re.search(rf"{verb} ({N})", sentence)[1]), share, game.pie[0])
        worth = re.search(rf"worth ({N})|worth as much", sentence)
        if game.kind != "open":
            assert worth is None
            continue
        asking = s if s >= 0 else next(j for j in first_asked(game) if j != i)
        at = 0 if game.rounds is None else turn(game, asking)
        leaves = claimed["leaves"][at][asking] > 0
        left = leaves[i] if i != asking else any(leaves[j] for j in range(len(game.players)) if j != asking)
        true = oracle.refused(game, claimed, asking, i, left)
        said_worth = share if worth[1] is None else number(worth[1])
        assert near(said_worth, true, 10 * game.pie[0] if game.rounds is None else game.pie[0])


def first_asked(game):
    """Who proposes, in the order of first turns."""
    return sorted(game.proposers, key=lambda s: turn(game, s))


def turn(game, proposer):
    """The first round in which one proposes."""
    reached = game.terms.first
    for t in range(game.rounds or 1):
        if reached[proposer] > 0:
            return t
        reached = reached @ game.terms.order
    return 0


def test_many_ways_are_not_looked_at_one_by_one_for_ever(monkeypatch):
    monkeypatch.setattr(importlib.import_module("sim.explain.reasons"), "MOST_WAYS", 3)
    found = reasons(sim.solve(sim.load("scenarios/chicken.toml").game()))
    assert found.not_held == ()


def test_json_has_the_numbers_and_the_sentences():
    from sim.output.reasons_text import reasons_answer

    found = reasons(sim.solve(sim.load("scenarios/standoff_2021.toml").game()))
    told = json.loads(json.dumps(reasons_answer(found), allow_nan=False))
    russia = told["equilibria"][0]["choosers"][0]
    assert (russia["agent"], russia["next_best"], russia["cost"]) == (
        "Russia",
        ["demand"],
        pytest.approx(0.8),
    )
    assert told["words"][0]["title"] == "#1: frozen standoff"


def test_the_command_line_says_why():
    run = CliRunner()
    done = run.invoke(main, ["solve", "chicken", "--why"])
    assert done.exit_code == 0
    assert "Why nothing else holds" in done.output
    told = json.loads(run.invoke(main, ["solve", "chicken", "--why", "--json"]).output)
    assert len(told["reasons"]["equilibria"]) == len(told["solutions"]) == 3
    assert "reasons" not in json.loads(run.invoke(main, ["solve", "chicken", "--json"]).output)
    told = json.loads(run.invoke(main, ["explain", "chicken", "--json"]).output)
    assert told["reasons"]["words"][0]["title"] == "#1: South wins"
