from __future__ import annotations

import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.interchange.nfg import NfgError, format_nfg, parse_nfg, read_nfg, write_nfg
from tests.draw import normal_forms


@given(st.integers(1, 4).flatmap(lambda players: normal_forms(players=players, most=3, cells=1)))
def test_what_is_written_reads_back_exactly(game):
    back = parse_nfg(format_nfg(game, 'a "quoted" \\ title')).game
    np.testing.assert_array_equal(game.payoffs, back.payoffs)
    np.testing.assert_array_equal(game.rational(np.array([0])), back.rational(np.array([0])))
    assert back.actions == game.actions
    assert back.players == game.players


def test_first_player_varies_fastest():
    game = parse_nfg('NFG 1 R "t" { "A" "B" } { 3 2 } 11 -11 21 -21 31 -31 12 -12 22 -22 32 -32').game
    np.testing.assert_array_equal([[11, 12], [21, 22], [31, 32]], game.payoffs[0, 0])


def test_outcome_body_with_commas_and_the_null_outcome():
    text = (
        'NFG 1 D "t" { "A" "B" } { { "x" "y" } { "u" "v" } } "why" { { "o" 1, 2 } { "" .5, 1/3, } } 1 0 2 1'
    )
    read = parse_nfg(text)
    assert read.comment == "why"
    assert read.game.actions == (("x", "y"), ("u", "v"))
    exact = read.game.rational(np.array([0]))[0]
    assert exact[1].tolist() == [[2, Fraction(1, 3)], [0, 2]]


def test_decimals_and_exponents_are_exact():
    game = parse_nfg('NFG 1 R "t" { "A" } { 3 } 0.1 1e-1 -3/7').game
    assert game.rational(np.array([0]))[0, 0].tolist() == [Fraction(1, 10), Fraction(1, 10), Fraction(-3, 7)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'NFG 1 R "t" { "A" "B" }\n{ 2 2 }\n1 2 3',
            "nfg:3:6: expected a payoff (4 joint actions x 2 players)",
        ),
        ('NFG 1 R "t" { "A" }\n{ 2 }\n1 2 3', "nfg:3:5: expected the end of the file after 2 entries"),
        ("EFG 2 R", "nfg:1:1: expected 'NFG'"),
        ('NFG 1 R "t" { "A" "B" } { 2 }', "nfg:1:25: 2 players need as many strategy lists"),
        ('NFG 1 R "t" { "A" } { 0 }', "none empty"),
        ('NFG 1 R "t" { "A" } { 2 }\n1 x', "nfg:2:3: expected a payoff"),
        ('NFG 1 R "t" { "A" } { 2 }\n1 ;', "nfg:2:3: found ';'"),
        ('NFG 1 R "t" { "A" } { 1 } 1/0', "1/0 is not a number"),
        ('NFG 1 R "t" { "A" } { 1 } 1e99999999', "exponent of 1e99999999 is too large"),
        ('NFG 1 R "t" { "A" } { 1 } 1e400', "too large for a floating-point number"),
        ('NFG 1 R "t" { "A" } { 1 } { { "o" 1 } } 2', "there is no outcome 2"),
        ('NFG 1 R "t" { "A" "B" } { 99999999999 99999 } 1', "more than fit in memory"),
    ],
)
def test_errors_say_line_and_column(text, message):
    with pytest.raises(NfgError) as raised:
        parse_nfg(text)
    assert message in str(raised.value)


def test_files_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "bad.nfg").write_bytes(b"NFG \xff")
    for path in (tmp_path / "bad.nfg", tmp_path / "none.nfg", tmp_path):
        with pytest.raises(NfgError, match=str(path)):
            read_nfg(path)


def test_a_written_file_is_solved(tmp_path):
    stag = sim.NormalForm([[[4, 0], [3, 2]], [[4, 3], [0, 2]]])
    write_nfg(stag, tmp_path / "stag.nfg", "stag hunt")
    assert sim.solve(read_nfg(tmp_path / "stag.nfg").game, "nash").count[0] == 3


def test_a_game_that_is_played_more_than_once_is_not_written():
    dilemma = sim.NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    with pytest.raises(ValueError, match="holds one-shot games, and this is a repeated one"):
        format_nfg(sim.Repeated(dilemma, 0.5))


def test_long_lists_are_read_in_proportion_to_their_length():
    """What looks at every label for every label takes minutes here."""
    count = 40_000
    for labels in (" ".join(f'"s{i}"' for i in range(count)), '"s" ' * count):
        text = f'NFG 1 R "long" {{ "A" "B" }} {{ {{ {labels} }} {{ "t" }} }} ' + "1 1/3 " * count
        start = time.process_time()
        game = parse_nfg(text).game
        assert time.process_time() - start < 20
        assert len(set(game.actions[0])) == count
        assert game.payoffs.shape == (1, 2, count, 1)
        assert game.rational(np.array([0]))[0, 1, 7, 0] == Fraction(1, 3)


def test_games_too_large_are_refused_before_their_labels_are_made():
    with pytest.raises(NfgError, match="more than fit in memory; at most 2000000 are read"):
        parse_nfg('NFG 1 R "t" { "A" "B" } { 1000001 1 }')


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("1 2 3 4}", "nfg:1:40: expected a blank behind '4'"),
        ("1 2}3 4", "nfg:1:36: expected a blank behind '2'"),
        ("1 2 nan 4", "nfg:1:37: expected a payoff"),
        ("1 2 1_0 4", "nfg:1:37: found"),
        ("1 2 3", "nfg:1:38: expected a payoff"),
        ("1 2 3 4 5", "nfg:1:41: expected the end of the file after 2 entries"),
    ],
)
def test_mistakes_among_payoffs_are_told_by_their_place(body, message):
    with pytest.raises(NfgError) as raised:
        parse_nfg('NFG 1 R "t" { "A" "B" } { 2 1 } ' + body)
    assert str(raised.value).startswith(message)
