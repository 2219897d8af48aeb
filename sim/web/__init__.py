"""The explorer in the browser: a page, the answers behind it, and who may ask for them.

``answers`` knows nothing of HTTP; ``app`` and ``guard`` know nothing of games.
"""
