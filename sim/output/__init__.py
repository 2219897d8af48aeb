"""Answers for readers and programs: text and JSON."""
