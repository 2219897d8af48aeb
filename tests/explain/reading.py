"""Sentences of reasons read back: every one is of the grammar, and every number and name in it is what the oracle says."""

from __future__ import annotations

import re

import numpy as np

from tests.explain import oracle

MINUS = "\N{MINUS SIGN}"
N = rf"(?:{MINUS}?\d+(?:\.\d+)?(?:e[{MINUS}+]?\d+)?)"
LABEL = r"[^\s,;:]+"
LABELS = rf"{LABEL}(?:, {LABEL})*(?: and {LABEL})?"
SHARES = rf"{LABEL} {N}%(?:, {LABEL} {N}%)*(?: and {LABEL} {N}%)?"
BELIEF = r"(?:, (?:sure of|believing) (?P<belief>.+?))?"
ACT = re.compile(rf"(?P<who>.+?){BELIEF},? (?:plays (?P<pure>{LABELS})|mixes: (?P<mix>{SHARES}))\.")
AWAY = re.compile(
    rf"Play never comes to (?P<who>.+?); there it would (?:play (?P<pure>{LABELS})|mix: (?P<mix>{SHARES}))\."
)
IF = rf"(?:If (?P<other>.+?) (?:plays (?P<met>{LABELS})|mixes (?P<met_mix>{SHARES})), |If the others do as said, )?"
NEXT = (
    rf"(?:; (?P<tie>{LABELS}) would give as much"
    rf"|; the next best, (?P<next>{LABELS}),(?: each)? would give (?P<less_gives>{N}), which is (?P<less>{N}) less"
    rf"|; (?P<more_names>{LABELS}) would give (?P<more_gives>{N}), which is (?P<more>{N}) more, "
    r"and makes no difference where play never comes)?"
)
BRINGS = re.compile(
    rf"{IF}(?:that (?:gives|would give) (?P<pure_who>.+?) (?P<gets>{N})"
    rf"|each of these (?:gives|would give) (?P<mix_who>.+?) (?P<mix_gets>{N}), so it (?:does|would) not mind){NEXT}\.",
    re.IGNORECASE,
)
OPEN = re.compile(r"That is best for it there (?P<how>.+)\.")
LEAVES_ALONE = re.compile(
    r"Its shares leave (?P<other>.+) without a preference among what (?P=other) plays\."
)


def number(text):
    return float(text.replace(MINUS, "-"))


def labels(text):
    return re.split(r", | and ", text) if text else []


def shares(text):
    return {a: number(p) / 100 for a, p in re.findall(rf"({LABEL}) ({N})%", text or "")}


def near(said, true, scale):
    """Whether a number is told to four digits; of the difference of two such, and where they are next to equal, too."""
    return abs(said - true) <= 5.1e-4 * abs(true) + 1e-7 * scale


def check_act(found, agent, game, play):
    """That it does what is said, with the shares that are said."""
    actions = dict(zip(game.agents[agent].actions, play[agent], strict=False))
    if found["pure"]:
        assert actions[found["pure"]] >= 1 - 1e-8
        return
    told = shares(found["mix"])
    assert len(told) > 1
    assert set(told) == {a for a, p in actions.items() if p > 1e-9}
    assert all(abs(told[a] - actions[a]) <= 5.1e-3 * actions[a] + 1e-12 for a in told)


def check_brings(found, agent, game, play, worth, scale):
    """What it brings, what the next best brings, and how much less that is."""
    own = dict(zip(game.agents[agent].actions, worth[agent], strict=False))
    used = [a for a, p in zip(game.agents[agent].actions, play[agent], strict=False) if p > 1e-9]
    rest = {a: v for a, v in own.items() if a not in used}
    player = game.players[game.agents[agent].player]
    gets = number(found["gets"] or found["mix_gets"])
    value = sum(own[a] * p for a, p in zip(game.agents[agent].actions, play[agent], strict=False) if p > 1e-9)
    assert (found["pure_who"] or found["mix_who"]) == player
    assert near(gets, value, scale)
    assert all(abs(own[a] - value) <= 1e-8 * scale for a in used), "it does not mind"
    if found["tie"]:
        assert all(abs(own[a] - value) <= 1e-8 * scale for a in labels(found["tie"]))
        assert all(v <= value + 1e-8 * scale for v in rest.values())
    elif found["next"]:
        names = labels(found["next"])
        assert all(near(number(found["less_gives"]), own[a], scale) for a in names)
        assert max(rest.values()) <= own[names[0]] + 1e-8 * scale
        assert own[names[0]] < value
        assert near(number(found["less"]), value - own[names[0]], scale)
    elif found["more"]:
        names = labels(found["more_names"])
        assert all(near(number(found["more_gives"]), own[a], scale) for a in names)
        assert near(number(found["more"]), own[names[0]] - value, scale)
        assert own[names[0]] > value
    else:
        assert not rest
    if found["other"]:
        j = next(h for h in game.facing(agent) if game.players[game.agents[h].player] == found["other"])
        met = {"pure": found["met"], "mix": found["met_mix"]}
        check_act(met, j, game, play)


def check_leaving(words, game, gain_of, scale):
    """``X would switch to a and gain g``: ``gain_of(agent, action)`` is what the oracle says."""
    found = re.fullmatch(rf"(?P<who>.+?) would switch to (?P<to>{LABEL}) and gain (?P<gain>{N})", words)
    assert found, words
    h = agent_called(game, found["who"])
    gain = gain_of(h, game.agents[h].actions.index(found["to"]))
    assert gain > 0
    assert near(number(found["gain"]), gain, scale[game.agents[h].player])


def agent_called(game, words):
    """The agent that a sentence speaks of."""
    found = [
        h
        for h, agent in enumerate(game.agents)
        if words.rstrip(",") == f"{game.players[agent.player]} {game.called(h)}".strip()
    ]
    assert len(found) == 1, (words, found)
    return found[0]


def check_chooser(sentence, game, play, worth, came, scale, beliefs):
    """The sentences about one agent, wherever they are cut."""
    found = AWAY.match(sentence) or ACT.match(sentence)
    assert found, sentence
    away = found.re is AWAY
    h = agent_called(game, found["who"])
    assert came(h) != away, sentence
    check_act(found, h, game, play)
    if not away and found["belief"]:
        words = sorted(game.shape.hidden[slice(*game.shape.first[h : h + 2])], key=len, reverse=True)
        if found["belief"] in words:  # sure of it
            assert max(beliefs(h, found["belief"])) >= 1 - 1e-9
        else:
            each = rf"({'|'.join(map(re.escape, words))}) (?:from |up to )?({N})(?: to {N}| up)?"
            assert re.fullmatch(rf"{each}(?:(?:, | and ){each})*", found["belief"]), sentence
            for word, p in re.findall(rf"{each}(?=, | and |$)", found["belief"]):
                assert any(near(number(p), thought, 1) for thought in beliefs(h, word)), sentence
    rest = sentence[found.end() :].strip()
    if not rest:
        return h
    if OPEN.fullmatch(rest):
        return h
    brings = BRINGS.match(rest)
    assert brings, rest
    check_brings(brings, h, game, play, worth, scale[game.agents[h].player])
    after = rest[brings.end() :].strip()
    if after:
        alone = LEAVES_ALONE.fullmatch(after)
        assert alone, after
        j = next(j for j in game.facing(h) if game.players[game.agents[j].player] == alone["other"])
        used = [v for v, p in zip(worth[j], play[j], strict=False) if p > 1e-9]
        assert len(used) > 1
        assert np.ptp(used) <= 1e-8 * scale[game.agents[j].player]
    return h


def gains(game, play, of):
    """``gain_of(agent, action)`` at some play, by the oracle."""
    worth = of(game, play)

    def gain(h, a):
        kept = sum(p * v for p, v in zip(play[h], worth[h], strict=False) if p > 0)
        return worth[h][a] - kept

    return gain


ORACLES = {
    "normal": oracle.normal,
    "stochastic": oracle.stochastic,
    "tree": oracle.tree,
    "bayesian": oracle.tree,
}
