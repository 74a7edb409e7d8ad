"""How well a text was pronounced: encoder states, alignment, features of each phone, a small fitted head.

The same audio, text and version give the same scores; see `docs/decisions/pronunciation.md`.
"""
