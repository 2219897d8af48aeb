"""Compiled methods of bargaining."""
