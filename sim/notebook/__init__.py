"""The explorer in a notebook: the page's answers over messages, or a still picture where there is no widget.

``dialogue`` knows no widget; only ``widget`` imports anywidget.
"""
