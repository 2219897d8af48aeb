"""Pictures of datasets: which to draw, how they look, and one file for each kind."""

from sim.pictures.draw import draw, draw_model, draw_played, draw_sensed, draw_solved, figure_of, fix

__all__ = ["draw", "draw_model", "draw_played", "draw_sensed", "draw_solved", "figure_of", "fix"]
